import { executionAsyncResource } from 'node:async_hooks';

/**
 * A tick of `process.nextTick` that lives as long as the process, and with it the hidden class that all ticks have
 * (decision 0040). V8 notes only once which class a tick is of when it is given its properties; when that class is collected,
 * because no tick was waiting, it takes its slow path for every tick from then on.
 */
export const firstTick = new Promise<object>((resolve) => {
  process.nextTick(() => resolve(executionAsyncResource()));
});
