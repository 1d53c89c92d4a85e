import { z } from 'zod';
import type { Fault } from '../faults/fault.ts';
import { faultError } from '../jobs/suffer.ts';
import { queryLabel } from '../jobs/query-spec.ts';
import type { Backend, Call, Reply, Route } from './call.ts';
import { waitUntil } from './wait.ts';

/** What becomes of an answer: it goes out as JSON or as something else, or the socket is cut. */
export type Delivery =
  | { readonly kind: 'json'; readonly reply: Reply }
  | { readonly kind: 'raw'; readonly contentType: string; readonly text: string }
  | { readonly kind: 'cut' };

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
  const reply = fault.error === undefined ? await answer() : undefined;
  if (fault.latencyMs !== undefined) await waitUntil(never(), fault.latencyMs, call.left);
  if (fault.hang === true) await departure(call.left);
  if (fault.error !== undefined) throw faultError(fault.error);
  return garbled(reply ?? { status: 200, body: undefined }, fault.http ?? {});
}

function garbled(
  reply: Reply,
  { htmlOk, emptyOk, truncated, reset }: NonNullable<Fault['http']>,
): Delivery {
  if (htmlOk) return { kind: 'raw', contentType: 'text/html', text: htmlPage };
  if (emptyOk) return { kind: 'raw', contentType: 'application/json', text: '{}' };
  if (reset) return { kind: 'cut' };
  if (!truncated) return { kind: 'json', reply };
  const text = typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {});
  const half = text.slice(0, Math.ceil(text.length / 2));
  return { kind: 'raw', contentType: 'application/json', text: half };
}

const htmlPage =
  '<!doctype html><title>Sorry</title><p>The server is on its break. This is a fault of the emulator.';

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
