import type { BreakerBoard } from '../shared/breaker/breaker-board.ts';
import { type Breaker, type BreakerLimits, createBreaker } from '../shared/breaker/breaker.ts';
import type { Catalog } from '../shared/catalog/catalog.ts';
import type { GatewayEvents } from './gateway-events.ts';

/** The breakers of one gateway process: one for each query, told to the whole fleet, and one for each store, of its own. */
export interface Breakers {
  /** Throws for a name that the catalog lacks. */
  ofQuery(name: string): Breaker;
  readonly queue: Breaker;
  readonly cache: Breaker;
  close(): void;
}

/** Opens after five calls of which half have failed, or eight failures in a row, and tries one every two seconds: what works again is seen within five. */
const QUERY_LIMITS = {
  windowMs: 60_000,
  leastCalls: 5,
  errorPercent: 50,
  failuresInRow: 8,
  resetAfterMs: 2_000,
  probeMs: 2_500,
} satisfies BreakerLimits;
const STORE_LIMITS: BreakerLimits = {
  windowMs: 5_000,
  leastCalls: 5,
  errorPercent: 50,
  resetAfterMs: 1_000,
  probeMs: 1_000,
};

/** Makes the breakers of all queries of the catalog and of both stores. */
export function createBreakers(
  catalog: Catalog,
  board: BreakerBoard,
  events: GatewayEvents,
): Breakers {
  const onChange = (name: string) => (state: Breaker['state']) =>
    events.breakerChanged(name, state);
  const onBoardError = (error: unknown) => events.redisError('queue', error);
  const queries = new Map(
    [...catalog.queries.values()].map(({ name, policy }) => {
      const limits = { ...QUERY_LIMITS, slowMs: policy.timeoutMs };
      const parts = { onChange: onChange(name), board, onBoardError };
      return [name, createBreaker(`query:${name}`, limits, parts)];
    }),
  );
  const ofStore = (name: string) => createBreaker(name, STORE_LIMITS, { onChange: onChange(name) });
  const queue = ofStore('redis:queue');
  const cache = ofStore('redis:cache');
  return {
    ofQuery(name) {
      const breaker = queries.get(name);
      if (!breaker) throw new Error(`No query is named ${name}`);
      return breaker;
    },
    queue,
    cache,
    close() {
      for (const breaker of [...queries.values(), queue, cache]) breaker.close();
    },
  };
}
