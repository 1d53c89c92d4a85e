import { z } from 'zod';
import { type Fault, malformedReplies } from '../faults/fault.ts';
import { faultError } from '../jobs/suffer.ts';
import { queryLabel } from '../jobs/query-spec.ts';
import type { Backend, Call, Reply, Route } from './call.ts';
import { type Delivery, garble } from './garble.ts';
import { failedOk } from './failed-ok.ts';
import { waitUntil } from './wait.ts';

/** Finds the HTTP fault that strikes this call, if any. */
export function strikeCall(route: Route, call: Call, backend: Backend): Fault | undefined {
  if (route.faultRoute === undefined) return undefined;
  const query = labelOf(call, backend);
  return backend.faults.strike({ at: 'http', query, route: route.faultRoute });
}

/**
 * Answers a call under a fault. An `error` is answered in place of the call; under everything else the call takes its effect
 * and the answer suffers: it is late, garbled, or never comes.
 */
export async function answerFaulty(
  fault: Fault,
  call: Call,
  answer: () => Promise<Reply> | Reply,
): Promise<Delivery> {
  // Waiting for the job would give away that its end is only denied.
  if (fault.http?.incomplete === true) call.query.set('timeoutMs', '0');
  const reply = fault.error === undefined ? await answer() : undefined;
  if (fault.latencyMs !== undefined) await waitUntil(never(), fault.latencyMs, call.left);
  if (fault.hang === true) await departure(call.left);
  if (fault.error?.status === 200) return { kind: 'json', reply: failedOk(call, fault.error) };
  if (fault.error !== undefined) throw faultError(fault.error);
  const kind = malformedReplies.find((name) => fault.http?.[name] === true);
  return garble(reply ?? { status: 200, body: undefined }, kind, fault);
}

const labelled = z.object({ [queryLabel]: z.string() }).transform((labels) => labels[queryLabel]);
const labelledBody = z.union([
  z.object({ labels: labelled }).transform(({ labels }) => labels),
  z
    .object({ configuration: z.object({ labels: labelled }) })
    .transform((o) => o.configuration.labels),
]);

function labelOf({ path, body }: Call, { jobs }: Backend): string | undefined {
  const parsed = labelledBody.safeParse(body);
  if (parsed.success) return parsed.data;
  return jobs.peek(path['projectId'] ?? '', path['jobId'] ?? '')?.spec.labels[queryLabel];
}

function never(): Promise<never> {
  return Promise.withResolvers<never>().promise;
}

function departure(left: AbortSignal): Promise<void> {
  const gone = Promise.withResolvers<void>();
  if (left.aborted) gone.resolve();
  left.addEventListener('abort', () => gone.resolve(), { once: true });
  return gone.promise;
}
