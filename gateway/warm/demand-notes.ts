import { createHash } from 'node:crypto';
import type { Catalog } from '../../shared/catalog/catalog.ts';
import type { Clock } from '../../shared/clock.ts';
import { type Demand, MOST_CALLERS } from '../../shared/warm/demand.ts';
import type { Part } from '../answer/part.ts';

/** Notes what is asked for of the queries that learn, a sample of it when that is much, and writes it down now and then. */
export interface DemandNotes {
  /** A part was asked for so many times, at least the last of them by this caller: the address of his connection. */
  note(part: Part, asks: number, caller: string | undefined): void;
  start(): void;
  /** Writes down what is noted, and sets the sample for the time until the next. Never rejects. */
  tick(): Promise<void>;
  stop(): Promise<void>;
}

/** What the notes are taken for, and where they go. */
export interface DemandNotesParts {
  readonly catalog: Catalog;
  readonly demand: Pick<Demand, 'note'>;
  readonly clock: Clock;
  /** How long a query's flights usually run, if that is known. */
  readonly usualRunMs: (query: string) => number | undefined;
  readonly onError: (error: unknown) => void;
  readonly random?: () => number;
}

const WRITE_EVERY_MS = 5_000;
/** About so many asks are noted between two writings: 100 in a second. */
const MOST_NOTED = 500;
/** For each set that may be learned, so many are kept in mind. */
const KEPT_PER_LEARNED = 10;
/** So many sets are written in one step, so that Redis is not held up. */
const WRITTEN_AT_ONCE = 100;

interface Noted {
  readonly part: Part;
  asks: number;
  readonly callers: Set<string>;
}

/** Notes of one gateway process; `catalog` may be one of which nothing is learned. */
export function createDemandNotes(parts: DemandNotesParts): DemandNotes {
  const { catalog, random = Math.random } = parts;
  const learned = new Map(
    [...catalog.queries.values()].flatMap(({ name, warm }) =>
      warm && warm.learned > 0 ? [[name, warm.learned] as const] : [],
    ),
  );
  let noted = new Map<string, Noted>();
  let seen = 0;
  /** One in so many is noted, and counts for all of them. */
  let oneIn = 1;
  let timer: NodeJS.Timeout | undefined;

  const tick = async () => {
    const writing = noted;
    noted = new Map();
    oneIn = Math.max(1, Math.ceil(seen / MOST_NOTED));
    seen = 0;
    // Where one step fails the others are not tried: each has its wait, and a process that ends has no time for all.
    await write(parts, learned, [...writing.values()]).catch(parts.onError);
  };
  return {
    note(part, asks, caller) {
      if (!learned.has(part.query.name)) return;
      seen++;
      if (oneIn > 1 && random() * oneIn >= 1) return;
      const standing = noted.get(part.fingerprint);
      // The sample is set by what came before: a sudden crowd meets this bound.
      if (!standing && noted.size >= MOST_NOTED) return;
      const one = standing ?? { part, asks: 0, callers: new Set() };
      one.asks += asks * oneIn;
      if (caller !== undefined && one.callers.size < MOST_CALLERS) one.callers.add(markOf(caller));
      if (!standing) noted.set(part.fingerprint, one);
    },
    tick,
    start() {
      if (learned.size > 0) timer = setInterval(() => void tick(), WRITE_EVERY_MS);
    },
    async stop() {
      clearInterval(timer);
      await tick();
    },
  };
}

async function write(
  { demand, clock, usualRunMs }: DemandNotesParts,
  learned: ReadonlyMap<string, number>,
  noted: readonly Noted[],
): Promise<void> {
  for (const [query, most] of learned) {
    const ofQuery = noted.filter(({ part }) => part.query.name === query);
    for (let from = 0; from < ofQuery.length; from += WRITTEN_AT_ONCE) {
      const notes = ofQuery.slice(from, from + WRITTEN_AT_ONCE).map(({ part, asks, callers }) => ({
        fingerprint: part.fingerprint,
        parameters: part.parameters,
        asks,
        callers: [...callers],
      }));
      const about = { notes, now: clock.now(), mostSets: KEPT_PER_LEARNED * most };
      await demand.note(query, { ...about, usualRunMs: usualRunMs(query) });
    }
  }
}

/** Tells callers apart without writing addresses down. It hides nobody: who tries every address finds the one. */
function markOf(caller: string): string {
  return createHash('sha256').update(caller).digest('hex').slice(0, 12);
}
