import { LRUCache } from 'lru-cache';
import { createKnownEpochs, type KnownEpochs } from '../../shared/epochs/known-epochs.ts';
import type { HitCounter } from '../hit-counters.ts';
import { earlyRefreshAt } from './early-refresh.ts';
import type { ReadyAnswer } from './ready-answer.ts';

/** A ready answer in memory, and what is known of its use. */
export interface Kept {
  readonly ready: ReadyAnswer;
  /** The pattern of the route that gave it. */
  readonly route: string;
  /** By the monotonic clock. */
  readonly keptAtMs: number;
  /** How often it has been given from memory. */
  given: number;
  /** How many of these have been noted as demand. */
  asksNoted: number;
  /** When it is asked for anew if it is in demand, milliseconds since the epoch; once in its life. */
  refreshAt: number;
  /** What counts its uses, from the first one on. */
  counter?: HitCounter;
  /** The last generation of epochs that left it as it is. */
  generation: number;
  /** When its use was last looked at more closely, by the monotonic clock. */
  lookedAtMs: number;
}

/** The answers that a gateway process has given of late, as they left, by what they were asked for with. */
export interface ReadyMemory {
  /** What is kept, unless an epoch that is known by now has outdated it. */
  get(asked: string): Kept | undefined;
  /** Keeps it, unless a newer entry than it was made of is known, or an epoch that outdates it. */
  keep(asked: string, ready: ReadyAnswer, route: string): void;
  /** The answer takes more memory than before: it was made in one more encoding. */
  weighAgain(asked: string, kept: Kept): void;
  /** An entry as of this instant stands under the fingerprint: what is or will be made of an older one is not given any more. */
  forgetOlder(fingerprint: string, asOf: number): void;
  forgetAll(): void;
  /** Never more than the memory was made for. */
  readonly bytes: number;
}

/** What an answer takes beside its body: heads, metas, objects, its places in the maps. */
const OVERHEAD_BYTES = 4_096;
/** The share of the memory that one answer may take at most. */
const LARGEST_SHARE = 1 / 8;
/** An answer that was being made while a newer entry was announced is done long before so many more are. */
const MOST_NEWEST = 10_000;

/**
 * An empty memory of `maxBytes`; the least recently used answers leave it first. Epochs are looked at when an answer is asked
 * for, and only when one has moved since: to invalidate is the same work however many answers there are.
 */
export function createReadyMemory(
  maxBytes: number,
  epochs: Pick<KnownEpochs, 'generation' | 'invalidatedAt'> = createKnownEpochs(),
): ReadyMemory {
  const madeOf = new Map<string, Set<string>>();
  const newest = new LRUCache<string, number>({ max: MOST_NEWEST });
  const isOutdated = ({ answers: all }: ReadyAnswer) =>
    all.some(({ part, answer }) => {
      if (answer.source === 'none' || answer.fingerprint === undefined) return false;
      const { asOf = 0, fingerprint } = answer;
      if (asOf < (newest.get(fingerprint) ?? 0)) return true;
      return asOf <= epochs.invalidatedAt(part.query.name, fingerprint);
    });
  const answers = new LRUCache<string, Kept>({
    maxSize: maxBytes,
    maxEntrySize: Math.max(1, Math.floor(maxBytes * LARGEST_SHARE)),
    sizeCalculation: ({ ready }, asked) => ready.body.bytes + 2 * asked.length + OVERHEAD_BYTES,
    dispose({ ready }, asked) {
      for (const fingerprint of fingerprintsOf(ready)) {
        const using = madeOf.get(fingerprint);
        using?.delete(asked);
        if (using?.size === 0) madeOf.delete(fingerprint);
      }
    },
  });
  function put(asked: string, kept: Kept): void {
    // One that stands there already is not weighed when it is set once more.
    answers.delete(asked);
    answers.set(asked, kept);
    if (!answers.has(asked)) return;
    for (const fingerprint of fingerprintsOf(kept.ready)) {
      const using = madeOf.get(fingerprint) ?? new Set();
      madeOf.set(fingerprint, using.add(asked));
    }
  }
  return {
    get(asked) {
      const kept = answers.get(asked);
      if (!kept || kept.generation === epochs.generation) return kept;
      kept.generation = epochs.generation;
      if (!isOutdated(kept.ready)) return kept;
      answers.delete(asked);
      return undefined;
    },
    keep(asked, ready, route) {
      if (isOutdated(ready)) return;
      const keptAtMs = performance.now();
      put(asked, {
        ready,
        route,
        keptAtMs,
        given: 0,
        asksNoted: 0,
        refreshAt: earlyRefreshAt(ready),
        generation: epochs.generation,
        lookedAtMs: Number.NEGATIVE_INFINITY,
      });
    },
    weighAgain(asked, kept) {
      if (answers.peek(asked) === kept) put(asked, kept);
    },
    forgetOlder(fingerprint, asOf) {
      newest.set(fingerprint, Math.max(asOf, newest.get(fingerprint) ?? 0));
      for (const asked of madeOf.get(fingerprint) ?? []) {
        const kept = answers.peek(asked);
        if (kept && isOutdated(kept.ready)) answers.delete(asked);
      }
    },
    forgetAll: () => answers.clear(),
    get bytes() {
      return answers.calculatedSize;
    },
  };
}

function fingerprintsOf({ answers }: ReadyAnswer): readonly string[] {
  return answers.flatMap(({ answer }) =>
    answer.source === 'none' || answer.fingerprint === undefined ? [] : [answer.fingerprint],
  );
}
