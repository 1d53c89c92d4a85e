import type { z } from 'zod';
import type { Shape } from './define-query.ts';

/**
 * A REST route as its author writes it: it stands below `/api/v1` and answers with its parts side by side in `data`,
 * one per name.
 */
export interface EndpointDefinition<P extends Shape = Shape> {
  /** The path below `/api/v1`, for example `/home/recommendations`. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly parameters: P;
  readonly parts: Readonly<Record<string, (parameters: z.output<P>) => Ask>>;
  /** Pages one part's rows over one snapshot; the endpoint then needs `limit` and an optional `cursor` parameter. */
  readonly page?: { readonly part: string };
}

/** A query with the parameters it is asked with. */
export interface Ask {
  readonly query: string;
  readonly parameters: Record<string, unknown>;
}

/** Declares an endpoint; `parameters` is what its caller may send, already checked when the parts are asked. */
export function defineEndpoint<P extends Shape>(
  definition: EndpointDefinition<P>,
): EndpointDefinition<P> {
  return definition;
}

/** Asks a query with parameters that its declaration accepts. */
export function ask<Q extends Shape>(
  query: { readonly name: string; readonly parameters: Q },
  parameters: z.input<Q>,
): Ask {
  return { query: query.name, parameters };
}
