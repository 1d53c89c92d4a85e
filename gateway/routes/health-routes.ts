import type { RequestHandler } from 'express';
import type { GatewayContext } from '../gateway-context.ts';

/** `GET /healthz`: the process is up. Nothing else is looked at, so nothing else can make a supervisor end it. */
export const healthRoute: RequestHandler = (_request, response) => {
  response.type('application/json').send('{"status":"up"}\n');
};

/** `GET /readyz`: 200 while both stores are reached; without them only stale and fallback answers can be given. */
export function readyRoute({ redis, catalog }: GatewayContext): RequestHandler {
  return (_request, response) => {
    const queue = redis.queue.status === 'ready';
    const cache = redis.cache.status === 'ready';
    const body = { ready: queue && cache, queue, cache, queries: catalog.queries.size };
    response.status(body.ready ? 200 : 503).json(body);
  };
}
