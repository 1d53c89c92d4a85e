import type { RequestHandler } from 'express';
import { z } from 'zod';
import type { Catalog, Query } from '../../shared/catalog/catalog.ts';

/** `GET /api/v1/queries`: what can be asked, with parameters and rows as JSON Schema and the policy in its numbers. */
export function catalogRoute(catalog: Catalog): RequestHandler {
  const data = {
    queries: [...catalog.queries.values()].map(describe),
    endpoints: [...catalog.endpoints.values()].map(({ path, summary, parameters, parts }) => ({
      path: `/api/v1${path}`,
      summary,
      parameters: z.toJSONSchema(parameters, { io: 'input' }),
      parts: Object.keys(parts),
    })),
  };
  const body = `${JSON.stringify({ data })}\n`;
  return (_request, response) => {
    response.type('application/json').send(body);
  };
}

function describe({ name, version, summary, parameters, row, policy, batch, fallbacks }: Query) {
  return {
    name,
    path: `/api/v1/queries/${name}`,
    version,
    summary,
    parameters: z.toJSONSchema(parameters, { io: 'input' }),
    row: z.toJSONSchema(row, { io: 'output' }),
    policy,
    batch,
    fallbacks: fallbacks.map((one) => (one.kind === 'entry' ? one.query : 'constant rows')),
  };
}
