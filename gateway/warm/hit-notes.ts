import { Counter, type Registry } from 'prom-client';
import type { WarmTally } from '../../shared/warm/warm-tally.ts';

/** Notes which warmed entries are given to somebody, and writes that down now and then: never on the way of a request. */
export interface HitNotes {
  /** A warmed entry was read and given as fresh. */
  note(query: string, fingerprint: string): void;
  start(): void;
  /** Writes down what is noted. Never rejects. */
  tick(): Promise<void>;
  /** Writes down the rest, and ends. */
  stop(): Promise<void>;
}

/** What the notes are written to, and who hears that they cannot be. */
export interface HitNotesParts {
  readonly register: Registry;
  readonly tally: Pick<WarmTally, 'noteHits'>;
  /** So many hits were left out, because there were too many keys at once. */
  readonly onLeftOut: (hits: number) => void;
  readonly onError: (error: unknown) => void;
}

const WRITE_EVERY_MS = 5_000;
/** While so many keys wait to be written down, hits of others are left out: they are counted by query, but not by key. */
const MOST_NOTED = 10_000;

/** Notes of one gateway process. */
export function createHitNotes(parts: HitNotesParts): HitNotes {
  const { register, tally, onLeftOut, onError } = parts;
  const hits = new Counter({
    name: 'punctual_warm_hits_total',
    help: 'Warmed entries that were read and given as fresh, by query; further answers from memory do not count',
    labelNames: ['query'],
    registers: [register],
  });
  let noted = new Map<string, Set<string>>();
  let keys = 0;
  let leftOut = 0;
  let timer: NodeJS.Timeout | undefined;
  const tick = async () => {
    const writing = [...noted].map(([query, fingerprints]) =>
      tally.noteHits(query, [...fingerprints]).catch(onError),
    );
    if (leftOut > 0) onLeftOut(leftOut);
    noted = new Map();
    keys = 0;
    leftOut = 0;
    await Promise.all(writing);
  };
  return {
    note(query, fingerprint) {
      hits.inc({ query });
      const known = noted.get(query) ?? new Set();
      if (known.has(fingerprint)) return;
      if (keys >= MOST_NOTED) {
        leftOut++;
        return;
      }
      noted.set(query, known.add(fingerprint));
      keys++;
    },
    start() {
      timer = setInterval(() => void tick(), WRITE_EVERY_MS);
    },
    tick,
    async stop() {
      clearInterval(timer);
      await tick();
    },
  };
}
