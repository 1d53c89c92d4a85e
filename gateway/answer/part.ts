import { type Catalog, type Query, queryNamed } from '../../shared/catalog/catalog.ts';
import type { Ask } from '../../shared/catalog/define-endpoint.ts';
import type { Entry } from '../../shared/entry/entry.ts';
import { fingerprint, type Parameters, PUBLIC_SCOPE } from '../../shared/fingerprint.ts';

/** One query of an answer with checked parameters, and under which fingerprints its rows and its fallbacks are filed. */
export interface Part {
  readonly name: string;
  readonly query: Query;
  readonly parameters: Parameters;
  readonly scope: string;
  readonly fingerprint: string;
  readonly fallbacks: readonly FallbackSource[];
}

/** Where a fallback's rows are: filed under another query's fingerprint, or constant JSON. */
export type FallbackSource =
  | { readonly kind: 'entry'; readonly fingerprint: string; readonly query: Query }
  | { readonly kind: 'rows'; readonly rows: Buffer; readonly rowCount: number };

/** What is held for a part, in the store or else in memory: all that can be given without a flight. */
export interface Holdings {
  readonly entry: Entry | undefined;
  /** The entry is one of the query's previous version, because there is none of this one: it is given as stale, never as fresh. */
  readonly isPrevious: boolean;
  /** The entries of the part's fallbacks by fingerprint. */
  readonly others: ReadonlyMap<string, Entry>;
  readonly storeDown: boolean;
}

/** Holdings before, or without, an answer of the store. */
export const NOTHING_HELD: Holdings = {
  entry: undefined,
  isPrevious: false,
  others: new Map(),
  storeDown: false,
};

/** Prepares a part; throws when the endpoint asks a query with parameters that it does not take, which is its author's error. */
export function preparePart(catalog: Catalog, name: string, ask: Ask): Part {
  const query = queryNamed(catalog, ask.query);
  const parameters = query.parameters.parse(ask.parameters) as Parameters;
  const scope = PUBLIC_SCOPE;
  return {
    name,
    query,
    parameters,
    scope,
    fingerprint: fingerprint({ query: query.name, version: query.version, scope, parameters }),
    fallbacks: query.fallbacks.map((fallback): FallbackSource => {
      if (fallback.kind === 'rows')
        return {
          kind: 'rows',
          rows: Buffer.from(JSON.stringify(fallback.rows)),
          rowCount: fallback.rows.length,
        };
      const other = queryNamed(catalog, fallback.query);
      const asked = other.parameters.parse(fallback.parameters(parameters)) as Parameters;
      const identity = { query: other.name, version: other.version, scope, parameters: asked };
      return { kind: 'entry', fingerprint: fingerprint(identity), query: other };
    }),
  };
}
