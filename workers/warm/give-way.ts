import { setTimeout as pause } from 'node:timers/promises';
import type { WorkerContext } from '../worker-context.ts';
import type { RunInHand, WarmingContext } from './warming-context.ts';

/** Waits until nothing speaks against one more flight of a query, or until the run is over. Never rejects. */
export type GiveWay = (query: string, run: RunInHand) => Promise<void>;

/** For so long a look holds. */
const LOOK_EVERY_MS = 500;
/** After so long flights are let in until the next look, although live ones wait: a queue that is never empty must not end warming for good. */
const LIVE_MS = 30_000;

type Obstacle = 'live' | 'breaker' | 'switched';

/** Gives way to people who wait, to a warehouse or a store that is in trouble, and to whoever has switched the query. */
export function createGiveWay({
  worker,
  loads,
}: Pick<WarmingContext, 'worker' | 'loads'>): GiveWay {
  let clearUntilMs = 0;
  const liveWaits = async () => {
    const { depth } = await loads.read();
    return depth.live > 0;
  };
  const obstacleFor = async (query: string): Promise<Obstacle | undefined> => {
    if (worker.modeOf(query) !== 'normal') return 'switched';
    const isOpen = worker.warehouseBreaker.state === 'open' || worker.cacheBreaker.state === 'open';
    if (isOpen || (await isQueryOpen(worker, query))) return 'breaker';
    return (await liveWaits()) ? 'live' : undefined;
  };
  return async (query, { plan: { endsAt }, signal }) => {
    if (performance.now() < clearUntilMs) return;
    const liveUntilMs = performance.now() + LIVE_MS;
    while (!signal.aborted && worker.clock.now() < endsAt) {
      // With the queue role away nothing can be flown either.
      const obstacle = await obstacleFor(query).catch((error: unknown) => {
        worker.events.redisError('queue', error);
        return 'breaker' as const;
      });
      if (!obstacle || (obstacle === 'live' && performance.now() >= liveUntilMs)) break;
      await pause(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
    clearUntilMs = performance.now() + LOOK_EVERY_MS;
  };
}

/** What the gateways say of a query; an opening whose time is over has a millisecond left, and may be tried. */
async function isQueryOpen(worker: WorkerContext, query: string): Promise<boolean> {
  const news = await worker.newsOfBreaker(`query:${query}`);
  return news?.kind === 'opened' && news.forMs > 1;
}
