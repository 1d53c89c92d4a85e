import { LRUCache } from 'lru-cache';
import type { Query } from '../../shared/catalog/catalog.ts';
import type { Entry } from '../../shared/entry/entry.ts';
import { fingerprint } from '../../shared/fingerprint.ts';
import type { VersionBoard } from '../../shared/versions/version-board.ts';
import { fitRows } from './fit-rows.ts';
import type { Part } from './part.ts';

/**
 * What a query's previous version has left behind for a part. A changed query has new fingerprints, so that after a
 * deployment nothing is stored under any of them: until its first success a version is given its predecessor's rows,
 * where they fit.
 */
export interface PreviousVersion {
  /** Where the part's rows were filed before; undefined when no other version is known, or its parameters were others. */
  fingerprintFor(part: Part): string | undefined;
  /** The same, or undefined once the part is known to have had an entry of its own. */
  soughtFor(part: Part): string | undefined;
  /** The part has an entry of its own: what was before does not count any more. */
  noteOwn(part: Part): void;
  /** An entry of the previous version with rows that fit the query as it is now; undefined when they do not. Never rejects. */
  fit(query: Query, entry: Entry): Promise<Entry | undefined>;
}

/** What is looked at, and who is told. */
export interface PreviousVersionParts {
  readonly versions: Pick<VersionBoard, 'otherThan'>;
  /** An entry cannot be given, because its rows do not fit. */
  readonly onUnfit: (query: string) => void;
}

const MOST_OWN = 10_000;
const MOST_FITTED_BYTES = 8_000_000;
/** What an outcome takes beside its rows. */
const OVERHEAD_BYTES = 256;

/** What looking at an entry's rows came to: they are as they should be, they were brought to it, or they cannot be. */
type Fitting = 'as they are' | 'unfit' | Buffer;

/** Nothing has been looked at yet. */
export function createPreviousVersion({
  versions,
  onUnfit,
}: PreviousVersionParts): PreviousVersion {
  const own = new LRUCache<string, true>({ max: MOST_OWN });
  const fittings = createFittings(onUnfit);
  const fingerprintFor = ({ query, scope, parameters }: Part) => {
    const before = versions.otherThan(query);
    if (before?.parametersShape !== query.parametersShape) return undefined;
    return fingerprint({ query: query.name, version: before.version, scope, parameters });
  };
  return {
    fingerprintFor,
    soughtFor: (part) => (own.has(part.fingerprint) ? undefined : fingerprintFor(part)),
    noteOwn: (part) => void own.set(part.fingerprint, true),
    async fit(query, entry) {
      const before = versions.otherThan(query);
      if (before?.version !== entry.version) return undefined;
      if (before.rowShape === query.rowShape) return entry;
      const fitting = await fittings.of(query, entry);
      if (fitting === 'unfit') return undefined;
      return fitting === 'as they are' ? entry : { ...entry, rows: fitting, zstd: undefined };
    },
  };
}

/** Remembers what looking came to: an entry is looked at once, however many are given it. */
function createFittings(onUnfit: PreviousVersionParts['onUnfit']) {
  const known = new LRUCache<string, { readonly fitting: Fitting }>({
    maxSize: MOST_FITTED_BYTES,
    sizeCalculation: ({ fitting }) =>
      OVERHEAD_BYTES + (typeof fitting === 'string' ? 0 : fitting.byteLength),
  });
  const underway = new Map<string, Promise<Fitting>>();
  const look = async (what: string, query: Query, entry: Entry): Promise<Fitting> => {
    const rows = await fitRows(query, entry.rows);
    if (!rows) onUnfit(query.name);
    const fitting = rows ? (rows.equals(entry.rows) ? 'as they are' : rows) : 'unfit';
    known.set(what, { fitting });
    underway.delete(what);
    return fitting;
  };
  return {
    async of(query: Query, entry: Entry): Promise<Fitting> {
      const what = `${entry.fingerprint} ${entry.asOf}`;
      const standing = known.get(what);
      if (standing) return standing.fitting;
      const looking = underway.get(what) ?? look(what, query, entry);
      underway.set(what, looking);
      return looking;
    },
  };
}
