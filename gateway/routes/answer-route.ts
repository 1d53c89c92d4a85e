import type { Request, RequestHandler } from 'express';
import type { Query } from '../../shared/catalog/catalog.ts';
import type { Ask, EndpointDefinition } from '../../shared/catalog/define-endpoint.ts';
import type { Shape } from '../../shared/catalog/define-query.ts';
import { preparePart } from '../answer/part.ts';
import type { GatewayContext } from '../gateway-context.ts';
import { startAnswerTimer } from '../http/answer-timer.ts';
import { clientGone } from '../http/client-gone.ts';
import { startPhases } from '../http/phases.ts';
import { Problem } from '../http/problem.ts';
import { readParameters } from '../http/read-parameters.ts';
import { requestIdOf } from '../http/request-id.ts';
import { type Preferences, readPreferences } from '../http/request-preferences.ts';
import { answerPaged } from './answer-paged.ts';
import { sendAnswers } from './send-answers.ts';

/** A route that answers with rows: what it takes and which queries it asks. */
export interface AnswerRoute {
  /** The pattern below `/api/v1`, for metrics. */
  readonly route: string;
  readonly parameters: Shape;
  readonly asks: (parameters: Record<string, unknown>) => Readonly<Record<string, Ask>>;
  readonly rowsOnly: boolean;
  /** The name of the part that pages, if one does. */
  readonly pagedPart: string | undefined;
}

/** The route of an endpoint: its parts side by side. */
export function endpointRoute(endpoint: EndpointDefinition): AnswerRoute {
  const parts = Object.entries(endpoint.parts);
  return {
    route: endpoint.path,
    parameters: endpoint.parameters,
    asks: (parameters) => Object.fromEntries(parts.map(([name, ask]) => [name, ask(parameters)])),
    rowsOnly: false,
    pagedPart: endpoint.page?.part,
  };
}

/** The route of a query by itself: its rows. */
export function queryRoute(query: Query): AnswerRoute {
  return {
    route: '/queries/:name',
    parameters: query.parameters,
    asks: (parameters) => ({ [query.name]: { query: query.name, parameters } }),
    rowsOnly: true,
    pagedPart: undefined,
  };
}

/** Answers a request on time: checks it, asks all parts at once, and sends what there is when they are done or the answer is due. */
export function answerRoute(context: GatewayContext, route: AnswerRoute): RequestHandler {
  return async (request, response) => {
    const preferences = checkPreferences(request, context.config.gateway.answerWithinMs);
    const timer = startAnswerTimer(preferences.answerWithinMs);
    const phases = startPhases();
    const parameters = checkParameters(route.parameters, request);
    const parts = Object.entries(route.asks(parameters)).map(([name, ask]) =>
      preparePart(context.catalog, name, ask),
    );
    for (const part of parts) context.demand.note(part, 1, request.socket.remoteAddress);
    const gone = clientGone(response);
    const underway = { preferences, timer, phases, requestId: requestIdOf(response), gone };
    const { answers, nextCursor } = await answerPaged(context, parts, underway, {
      part: route.pagedPart,
      limit: Number(parameters['limit']),
      cursor: parameters['cursor'],
    });
    const { rowsOnly } = route;
    await sendAnswers(context, request, response, { timer, phases, answers, rowsOnly, nextCursor });
  };
}

function checkPreferences(request: Request, answerWithinMs: number): Preferences {
  const { preferences, problems } = readPreferences(request.headers, answerWithinMs);
  if (problems.length === 0) return preferences;
  throw new Problem('invalid-header', 'A request header says nothing that is understood.', {
    problems,
  });
}

function checkParameters(schema: Shape, request: Request): Record<string, unknown> {
  const start = request.url.indexOf('?');
  const search = new URLSearchParams(start < 0 ? '' : request.url.slice(start));
  const read = readParameters(schema, search);
  if (read.ok) return read.parameters;
  const names = read.problems.map(({ parameter }) => parameter).join(', ');
  throw new Problem('invalid-parameters', `Wrong: ${names}.`, { problems: read.problems });
}
