import type { BreakerBoard, BreakerNews } from '../../../shared/breaker/breaker-board.ts';

/** How long a call takes when the board lags. */
export const LAG_MS = 100;

/** A board in memory that does what the one behind Redis does, on a clock of the test's, with mail that the test delivers. */
export interface MemoryBoard extends BreakerBoard {
  /** How every call is answered from now on. One that lags takes {@link LAG_MS} and is still in time. */
  conduct: 'works' | 'lags' | 'rejects' | 'hangs';
  /** News on its way to a listener, in the order in which it was told. */
  readonly mail: Mail[];
  /** Forgets all, as a server that was restarted empty. */
  forget(): void;
}

/** News on its way to one listener. */
export interface Mail {
  readonly news: BreakerNews;
  readonly deliver: () => void;
}

interface Place {
  readonly holder: string;
  readonly untilMs: number;
}

/** An empty board that works. */
export function createMemoryBoard(now: () => number): MemoryBoard {
  const latest = new Map<string, BreakerNews>();
  const places = new Map<string, Place>();
  const listeners = new Set<{ name: string; listener: (news: BreakerNews) => void }>();

  const placeOf = (name: string) => {
    const place = places.get(name);
    return place && place.untilMs > now() ? place : undefined;
  };
  const orderAfter = (name: string) => Math.max(now(), (latest.get(name)?.order ?? 0) + 1);
  const tell = (name: string, news: BreakerNews) => {
    latest.set(name, news);
    for (const hearing of listeners)
      if (hearing.name === name) board.mail.push({ news, deliver: () => hearing.listener(news) });
    return news.order;
  };
  const stand = (name: string): BreakerNews | undefined => {
    const news = latest.get(name);
    if (news?.kind !== 'opened') return news;
    const leftMs = (placeOf(name)?.untilMs ?? 0) - now();
    return { ...news, forMs: Math.max(1, Math.min(leftMs, news.forMs)) };
  };
  const answer = async <T>(call: () => T): Promise<T> => {
    if (board.conduct === 'rejects') throw new Error('connection is closed');
    if (board.conduct === 'hangs') return new Promise<T>(() => undefined);
    if (board.conduct !== 'lags') return call();
    await lag();
    const result = call();
    await lag();
    return result;
  };

  const board: MemoryBoard = {
    conduct: 'works',
    mail: [],
    forget() {
      latest.clear();
      places.clear();
    },
    opened: (name, forMs, by) =>
      answer(() => {
        const order = orderAfter(name);
        const place = placeOf(name);
        const untilMs = now() + forMs;
        if (!place || place.holder === by || place.untilMs < untilMs)
          places.set(name, { holder: `opened:${order}`, untilMs });
        return tell(name, { kind: 'opened', order, forMs, by });
      }),
    closed: (name, by) =>
      answer(() => {
        const holder = placeOf(name)?.holder;
        if (holder === by || holder?.startsWith('opened:')) places.delete(name);
        return tell(name, { kind: 'closed', order: orderAfter(name) });
      }),
    claimProbe: (name, { id, forMs, heard }) =>
      answer(() => {
        const news = latest.get(name);
        if (news?.kind === 'closed' && news.order > heard)
          return { kind: 'closed', order: news.order };
        const place = placeOf(name);
        if (place) return { kind: 'busy', holder: place.holder };
        places.set(name, { holder: id, untilMs: now() + forMs });
        return { kind: 'probe' };
      }),
    freeProbe: (name, probeId) =>
      answer(() => {
        if (placeOf(name)?.holder === probeId) places.delete(name);
      }),
    look: (name) => answer(() => stand(name)),
    hear(name, listener) {
      const hearing = { name, listener };
      listeners.add(hearing);
      const standing = board.conduct === 'works' ? stand(name) : undefined;
      if (standing) listener(standing);
      return () => listeners.delete(hearing);
    },
  };
  return board;
}

/** Half of the time goes before the call is carried out. */
function lag(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, LAG_MS / 2));
}
