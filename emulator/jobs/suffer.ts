import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../faults/fault.ts';
import { BigQueryError } from '../values/bigquery-error.ts';

/** Lets a job suffer a fault: it takes longer, never goes on, or fails. Rejects with the signal's reason when the job is stopped meanwhile. */
export async function suffer(fault: Fault, signal: AbortSignal): Promise<void> {
  if (fault.latencyMs !== undefined) await pause(fault.latencyMs, signal);
  if (fault.hang === true) await stopped(signal);
  if (fault.error !== undefined) throw faultError(fault.error);
}

/** The error that a fault asks for. */
export function faultError({ status, reason, message }: NonNullable<Fault['error']>) {
  return new BigQueryError(
    reason,
    message ?? `${reason}: an error that the emulator was asked to give`,
    status === undefined ? {} : { status },
  );
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

function stopped(signal: AbortSignal): Promise<never> {
  const end = Promise.withResolvers<never>();
  if (signal.aborted) end.reject(signal.reason);
  signal.addEventListener('abort', () => end.reject(signal.reason), { once: true });
  return end.promise;
}
