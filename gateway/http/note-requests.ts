import type { RequestHandler, Response } from 'express';
import type { PartAnswer } from '../answer/answer-parts.ts';
import type { GatewayEvents } from '../gateway-events.ts';
import { requestIdOf } from './request-id.ts';

/** Notes every request once it has ended, whichever way it went. */
export function noteRequests(events: GatewayEvents): RequestHandler {
  return (request, response, next) => {
    const startedMs = performance.now();
    response.once('close', () => {
      const answers = (response.locals['answers'] ?? []) as readonly PartAnswer[];
      events.requestEnded({
        requestId: requestIdOf(response),
        route: routeOf(request.route),
        status: response.writableEnded ? response.statusCode : 499,
        tookMs: performance.now() - startedMs,
        answers: answers.map(({ part, answer }) => ({ query: part.query.name, answer })),
      });
    });
    next();
  };
}

/** Leaves the answers where {@link noteRequests} finds them. */
export function noteAnswers(response: Response, answers: readonly PartAnswer[]): void {
  response.locals['answers'] = answers;
}

/** The pattern of the route that matched; everything unknown is one. */
export function routeOf(route: { path?: unknown } | undefined): string {
  return typeof route?.path === 'string' ? route.path : 'none';
}
