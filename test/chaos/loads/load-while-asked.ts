import type { Chaos, Figures } from '../row.ts';
import { fillToLoad, loadSlowly, type LoadingStore } from './load-slowly.ts';
import { loseStore } from './lose-store.ts';
import type { StoreName } from './without-store.ts';

/** Restarts a store with so much to load that it takes a while, in the middle of a mixed load. */
export async function loadWhileAsked(chaos: Chaos, store: StoreName): Promise<Figures> {
  const filled = await fillToLoad(chaos, store, chaos.isStrict ? 20_000 : 8_000);
  const startedMs = performance.now();
  let loading: LoadingStore | undefined;
  let tookMs = 0;
  const figures = await loseStore(chaos, {
    store,
    async lose() {
      loading = await loadSlowly(chaos, store);
    },
    async giveBack() {
      await loading?.loaded();
      tookMs = Math.round(performance.now() - startedMs);
    },
    lastsMs: 0,
  });
  await filled.empty();
  await loading?.[Symbol.asyncDispose]();
  await chaos.stack.redis[store]?.restart();
  chaos.claim('it was loading for a while', tookMs > 4_000, tookMs);
  return { ...figures, loadingMs: tookMs };
}
