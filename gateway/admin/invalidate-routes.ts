import type { Clock } from '../../shared/clock.ts';
import {
  type EpochStore,
  type EpochTargets,
  type Invalidation,
  MOST_SINGLE_ENTRIES,
  TooManyEntriesError,
} from '../../shared/epochs/epoch-store.ts';
import type { QueryTables } from '../../shared/epochs/query-tables.ts';
import { jsonAnswer } from '../../shared/side-door/answer.ts';
import { Refusal } from '../../shared/side-door/refusal.ts';
import type { SideDoorRoutes } from '../../shared/side-door/route.ts';
import type { ServedQuery } from '../serving/messages.ts';
import { orStoreDown } from './or-store-down.ts';
import { type InvalidationTarget, readInvalidation } from './read-invalidation.ts';
import { readersOf } from './readers-of.ts';

/** An invalidation that stands in the store. */
export interface Invalidated {
  readonly by: InvalidationTarget['by'];
  readonly mode: Invalidation;
  /** The queries of which every entry is meant. */
  readonly queries: readonly string[];
  /** Those of them that are meant only because nobody knows which tables they read. */
  readonly unknown: readonly string[];
  /** The one entry that is meant, if it is one. */
  readonly fingerprint?: string;
}

/** What the route needs of the process that serves it. */
export interface InvalidateRoutesOptions {
  readonly epochs: Pick<EpochStore, 'invalidate'>;
  readonly tables: Pick<QueryTables, 'read'>;
  readonly served: () => readonly ServedQuery[];
  /** The time of the fleet, by which entries are stamped. */
  readonly clock: Clock;
  readonly onInvalidated: (invalidated: Invalidated) => void;
  readonly onError: (error: unknown) => void;
}

/** The route of the admin port that invalidates entries: what was read before it is called counts no more. */
export function invalidateRoutes(options: InvalidateRoutesOptions): SideDoorRoutes {
  const { epochs, clock, onInvalidated, onError } = options;
  const stored = orStoreDown('The stores cannot be reached at the moment: ask again.', onError);
  return {
    'POST /admin/v1/invalidate': async ({ json }) => {
      const { target, mode } = readInvalidation(await json());
      const meant = await stored(resolve(options, target));
      if (!meant) throw new Refusal('not-found', 'No query has this name.');
      const at = clock.now();
      const { targets, queries, unknown } = meant;
      await stored(epochs.invalidate(targets, mode, at).catch(refuseTooMany));
      const { fingerprint } = targets;
      const one = fingerprint === undefined ? {} : { fingerprint };
      onInvalidated({ by: target.by, mode, queries, unknown, ...one });
      return jsonAnswer({ data: { mode, at: new Date(at).toISOString(), queries, unknown } });
    },
  };
}

interface Meant extends Pick<Invalidated, 'queries' | 'unknown'> {
  readonly targets: EpochTargets;
}

/** Undefined for a query that nobody serves. */
async function resolve(
  { tables, served }: InvalidateRoutesOptions,
  target: InvalidationTarget,
): Promise<Meant | undefined> {
  const names = served().map(({ name }) => name);
  switch (target.by) {
    case 'all':
      return { targets: { all: true }, queries: names, unknown: [] };
    case 'fingerprint':
      return { targets: { fingerprint: target.name }, queries: [], unknown: [] };
    case 'query': {
      const queries = [target.name];
      return names.includes(target.name)
        ? { targets: { queries }, queries, unknown: [] }
        : undefined;
    }
    case 'table': {
      const readers = readersOf(target.name, await tables.read(), served());
      return { targets: { queries: readers.queries }, ...readers };
    }
    default:
      return target satisfies never;
  }
}

function refuseTooMany(error: unknown): never {
  if (!(error instanceof TooManyEntriesError)) throw error;
  throw new Refusal(
    'too-many-invalidations',
    `${MOST_SINGLE_ENTRIES} single entries are invalidated already: invalidate their query.`,
  );
}
