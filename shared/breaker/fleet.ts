import { randomUUID } from 'node:crypto';
import { bounded } from '../bounded.ts';
import type { BreakerBoard, BreakerNews, ClaimResult } from './breaker-board.ts';

/** Longest wait for the board; after that a process decides by itself. */
const BOARD_MS = 200;

/** One breaker's side of the board. Nothing here rejects or takes longer than {@link BOARD_MS}. */
export interface Fleet {
  /** Says that this process has opened, by the failure of a probe if one is named. */
  opened(forMs: number, probeId?: string): void;
  closed(probeId: string): void;
  /** Whether to probe. Without a board, or when it does not answer: yes, by oneself. */
  claimProbe(id: string, probeMs: number): Promise<boolean>;
  freeProbe(id: string): void;
  leave(): void;
}

/** What a breaker brings with it when it joins the others of its name. */
export interface FleetParts {
  readonly board: BreakerBoard | undefined;
  /** Hears news that is later than all before; `isOwn`: it is the last opening of this process, perhaps long after. */
  readonly onNews: (news: BreakerNews, isOwn: boolean) => void;
  readonly onError: ((error: unknown) => void) | undefined;
  /** The longest that anything may rightly keep others from probing. */
  readonly longestHoldMs: number;
  readonly now: () => number;
}

/** Joins the breakers of one name. */
export function joinFleet(name: string, parts: FleetParts): Fleet {
  const { board, onNews, onError } = parts;
  if (!board) return ALONE;
  let heard = 0;
  let ownOpening = '';
  const hear = (news: BreakerNews | undefined) => {
    if (!news || news.order <= heard) return;
    heard = news.order;
    onNews(news, news.kind === 'opened' && news.by === ownOpening);
  };
  const ask = <T>(call: () => Promise<T>) => askBoard(call, onError);
  const isStuck = createPatience(parts.longestHoldMs + 2 * BOARD_MS, parts.now);
  const stopHearing = board.hear(name, hear);
  return {
    opened(forMs, by = randomUUID()) {
      ownOpening = by;
      const told = ask(() => board.opened(name, forMs, by));
      void told.then((order) => hear(order ? { kind: 'opened', order, forMs, by } : undefined));
    },
    closed(probeId) {
      const told = ask(() => board.closed(name, probeId));
      void told.then((order) => hear(order ? { kind: 'closed', order } : undefined));
    },
    async claimProbe(id, probeMs) {
      // The place outlives the probe: its time starts before the probe's, and its holder frees it first.
      const claim = { id, forMs: probeMs + 2 * BOARD_MS, heard };
      const result = await ask(() => board.claimProbe(name, claim));
      if (result?.kind === 'closed') hear(result);
      return mayProbe(result, isStuck);
    },
    freeProbe: (id) => void ask(() => board.freeProbe(name, id)),
    leave: stopHearing,
  };
}

const ALONE: Fleet = {
  opened: () => undefined,
  closed: () => undefined,
  claimProbe: () => Promise.resolve(true),
  freeProbe: () => undefined,
  leave: () => undefined,
};

/** Undefined when the board fails or does not answer. */
async function askBoard<T>(
  call: () => Promise<T>,
  onError: ((error: unknown) => void) | undefined,
): Promise<T | undefined> {
  try {
    return await bounded(call(), BOARD_MS, 'breaker board');
  } catch (error) {
    onError?.(error);
    return undefined;
  }
}

function mayProbe(result: ClaimResult | undefined, isStuck: (holder: string) => boolean): boolean {
  if (!result) return true;
  return result.kind === 'probe' || (result.kind === 'busy' && isStuck(result.holder));
}

/** Whether one holder has had the place for longer than it can: then the board errs (its clock was set back), and is not obeyed. */
function createPatience(longestMs: number, now: () => number): (holder: string) => boolean {
  let last = { holder: '', sinceMs: 0 };
  return (holder) => {
    if (last.holder !== holder) last = { holder, sinceMs: now() };
    return now() - last.sinceMs > longestMs;
  };
}
