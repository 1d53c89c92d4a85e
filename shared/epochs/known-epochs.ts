import { type Clock, monotonicClock } from '../clock.ts';
import { type Entry, MOST_AHEAD_MS } from '../entry/entry.ts';
import { type Epoch, type Epochs, epochField, latest, NO_EPOCH } from './epoch.ts';

/** What a process knows of the epochs, always at hand: what it has read and what it has heard, of which nothing goes back. */
export interface KnownEpochs {
  readonly all: Epochs;
  /** Another number after every invalidation that was not known before. */
  readonly generation: number;
  merge(epochs: Epochs): void;
  /** An entry as of this instant or before is outdated or purged (milliseconds since the epoch, 0 for none). */
  invalidatedAt(query: string, fingerprint: string): number;
  /** The entry as it stands by what is known; undefined when it counts as never stored. */
  judge(entry: Entry): Entry | undefined;
}

/** What epochs are known by. */
export interface KnownEpochsParts {
  readonly clock?: Clock;
  /** Epochs older than this concern nothing that may still be served. */
  readonly keepMs?: number;
}

/** Far more than the store takes: only one that has lost its own again and again could exceed it. */
const MOST_KNOWN = 5_000;

/** Knows of no epoch yet. */
export function createKnownEpochs(parts: KnownEpochsParts = {}): KnownEpochs {
  const { clock = monotonicClock, keepMs = Number.POSITIVE_INFINITY } = parts;
  const known = new Map<string, Epoch>();
  let generation = 0;
  const of = (query: string, fingerprint: string): Epoch =>
    [epochField.query(query), epochField.entry(fingerprint)].reduce(
      (epoch, field) => latest(epoch, known.get(field)),
      known.get(epochField.all) ?? NO_EPOCH,
    );
  const invalidatedAt = (query: string, fingerprint: string) => {
    if (known.size === 0) return 0;
    const { soft, purge } = of(query, fingerprint);
    return Math.max(soft, purge);
  };
  function take(field: string, epoch: Epoch): void {
    const before = known.get(field) ?? NO_EPOCH;
    const after = latest(before, epoch);
    known.set(field, after);
    if (after.soft > before.soft || after.purge > before.purge) generation += 1;
  }
  return {
    all: known,
    get generation() {
      return generation;
    },
    merge(epochs) {
      const forgetBefore = clock.now() - keepMs;
      const isOver = (epoch: Epoch) => lastMove(epoch) < forgetBefore;
      for (const [field, epoch] of epochs) if (!isOver(epoch)) take(field, epoch);
      for (const [field, epoch] of known) if (isOver(epoch)) known.delete(field);
      // Rather everything once more than an invalidation forgotten; that one's tables are unchanged says nothing of the others'.
      while (known.size > MOST_KNOWN) {
        const [field, epoch] = oldest(known);
        known.delete(field);
        take(epochField.all, { ...epoch, unchangedAt: 0 });
      }
    },
    invalidatedAt,
    judge(entry) {
      if (known.size === 0) return entry;
      const { soft, purge, unchangedAt } = of(entry.query, entry.fingerprint);
      // A stamp that cannot be true says nothing of when the entry was read.
      const readAt = entry.asOf > clock.now() + MOST_AHEAD_MS ? 1 : entry.asOf;
      if (readAt <= purge) return undefined;
      const facts = {
        outdatedAt: readAt <= soft ? soft : undefined,
        unchangedAt: unchangedAt || undefined,
      };
      const isKnown =
        entry.outdatedAt === facts.outdatedAt && entry.unchangedAt === facts.unchangedAt;
      return isKnown ? entry : { ...entry, ...facts };
    },
  };
}

function lastMove({ soft, purge, unchangedAt }: Epoch): number {
  return Math.max(soft, purge, unchangedAt);
}

function oldest(known: Epochs): [string, Epoch] {
  const others = [...known].filter(([field]) => field !== epochField.all);
  return others.reduce((one, other) => (lastMove(other[1]) < lastMove(one[1]) ? other : one));
}
