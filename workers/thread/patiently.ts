import { setTimeout as pause } from 'node:timers/promises';
import { createRetryBudget } from '../retry-budget.ts';
import { warehouseError } from './warehouse-error.ts';

/** Before the second and the third try of a call that was lost or refused for the moment: with our own job id both do no harm. */
const GAPS_MS = [100, 250];
/** Of the calls of this thread that the warehouse was not able to answer, so many may be made again. */
const retries = createRetryBudget({ share: 0.4, most: 10 });

/** Makes a call again that was lost or, within the budget, one that the warehouse was not able to answer, unless there is nothing more to come. */
export async function patiently<T>(
  call: () => Promise<T>,
  signal: AbortSignal,
  isOver: () => Promise<boolean>,
): Promise<T> {
  retries.earn();
  for (const gapMs of GAPS_MS) {
    try {
      return await call();
    } catch (error) {
      if (signal.aborted || !(await mayBeMadeAgain(error, isOver))) throw error;
      await pause(gapMs, undefined, { signal });
    }
  }
  return call();
}

async function mayBeMadeAgain(error: unknown, isOver: () => Promise<boolean>): Promise<boolean> {
  const { lost, code } = warehouseError(error);
  if (lost) return true;
  return code === 'warehouse-failed' && !(await isOver()) && retries.spend();
}
