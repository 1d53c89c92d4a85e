import type { Express, RequestHandler } from 'express';
import type { GatewayContext } from '../gateway-context.ts';

/** `GET /healthz`: the process is up. Nothing else is looked at, so nothing else can make a supervisor end it. */
export const healthRoute: RequestHandler = (_request, response) => {
  response.type('application/json').send('{"status":"up"}\n');
};

/**
 * `GET /readyz`: 200 while both stores are reached; without them only stale and fallback answers can be given. 503 also
 * from the moment that the process is told to stop: it still answers then, but nobody new should come.
 */
export function readyRoute({ redis, catalog }: GatewayContext): RequestHandler {
  return (request, response) => {
    const stopping = isStopping(request.app as Express);
    const queue = redis.queue.status === 'ready';
    const cache = redis.cache.status === 'ready';
    const ready = queue && cache && !stopping;
    const body = { ready, stopping, queue, cache, queries: catalog.queries.size };
    response.status(ready ? 200 : 503).json(body);
  };
}

/** Leaves with the app the signal that {@link readyRoute} looks at: it aborts when the process is told to stop. */
export function noteStopping(app: Express, stopping: AbortSignal): void {
  app.locals['stopping'] = stopping;
}

function isStopping(app: Express): boolean {
  const stopping: unknown = app.locals['stopping'];
  return stopping instanceof AbortSignal && stopping.aborted;
}
