import type { Job } from '../jobs/job.ts';

const defaultWaitMs = 10_000;
const maxWaitMs = 200_000;

/** Waits until the job is done, but no longer than asked (10 s if not asked) and not for a client that has left. */
export async function waitForEnd(
  job: Job,
  timeoutMs: number | null | undefined,
  left: AbortSignal,
): Promise<void> {
  await waitUntil(job.settled, Math.min(timeoutMs ?? defaultWaitMs, maxWaitMs), left);
}

/** Waits for a promise, a time, or the signal, whichever is first; never rejects for the latter two. */
export async function waitUntil(
  event: Promise<void>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<void> {
  const end = Promise.withResolvers<void>();
  const timer = setTimeout(end.resolve, timeoutMs);
  signal.addEventListener('abort', () => end.resolve(), { once: true });
  if (signal.aborted) end.resolve();
  await Promise.race([event, end.promise]).finally(() => clearTimeout(timer));
}
