import express, { type ErrorRequestHandler, type Express } from 'express';
import type { GatewayContext } from './gateway-context.ts';
import { noteRequests } from './http/note-requests.ts';
import { Problem, sendProblem } from './http/problem.ts';
import { assignRequestId, requestIdOf } from './http/request-id.ts';
import { answerRoute, endpointRoute, queryRoute } from './routes/answer-route.ts';
import { catalogRoute } from './routes/catalog-route.ts';
import { healthRoute, readyRoute } from './routes/health-routes.ts';

/** The gateway's routes in Express: one for each endpoint and each query of the catalog. */
export function createApp(context: GatewayContext): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  app.use(assignRequestId);
  // Before requests are noted: a probe every second is no traffic, and its 503 no failed request.
  app.get('/healthz', healthRoute);
  app.get('/readyz', readyRoute(context));
  app.use(noteRequests(context.events));
  for (const endpoint of context.catalog.endpoints.values())
    app.get(`/api/v1${endpoint.path}`, answerRoute(context, endpointRoute(endpoint)));
  app.get('/api/v1/queries', catalogRoute(context.catalog));
  const queries = new Map(
    [...context.catalog.queries.values()].map((query) => [
      query.name,
      answerRoute(context, queryRoute(query)),
    ]),
  );
  app.get(
    '/api/v1/queries/:name',
    (request, response, next) =>
      queries.get(request.params.name)?.(request, response, next) ?? next(),
  );
  app.use((request, response) => {
    const known = ['GET', 'HEAD'].includes(request.method);
    if (!known) response.setHeader('Allow', 'GET, HEAD');
    throw known
      ? new Problem('not-found', 'No route or query has this path.')
      : new Problem('method-not-allowed', 'Only GET and HEAD are answered here.');
  });
  app.use(sendError(context));
  return app;
}

/** Turns whatever a route throws into problem details; what is no {@link Problem} is ours, and its text stays in the log. */
function sendError({ events }: GatewayContext): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (error instanceof Problem) {
      sendProblem(response, error);
      return;
    }
    if (error instanceof URIError) {
      sendProblem(response, new Problem('not-found', 'The path cannot be decoded.'));
      return;
    }
    events.requestFailed(requestIdOf(response), error);
    sendProblem(
      response,
      new Problem('internal', 'The error is in the log, under this request id.'),
    );
  };
}
