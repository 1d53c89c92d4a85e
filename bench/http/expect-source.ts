import { z } from 'zod';
import type { Reply } from './read-reply.ts';

const part = z.object({ source: z.string(), reason: z.string().optional() });
const envelope = z.object({
  meta: z.object({ source: z.string(), parts: z.record(z.string(), part) }),
});

/** Throws unless the answer is a 200 and every part of it says that it comes from this source. */
export function expectSource(reply: Reply, source: 'live' | 'fresh'): void {
  expectStatus(reply);
  const other = Object.entries(partsOf(reply).parts).find(([, one]) => one.source !== source);
  if (other) throw new Error(`expected ${source} rows, but ${other[0]} is ${other[1].source}`);
}

/** Where the worst part of an answer comes from, and why if it is neither fresh nor live: `live`, `fallback (timeout)`. */
export function worstPart(reply: Reply): string {
  const { source, parts } = partsOf(reply);
  const reason = Object.values(parts).find((one) => one.source === source)?.reason;
  return reason === undefined ? source : `${source} (${reason})`;
}

/** Whether the reply is fresh from the store, by its `Cache-Status`: cheap enough to ask of every reply under load. */
export function isFreshHit({ head }: Reply): boolean {
  return head.includes('punctual; hit; ttl=') && !head.includes('; hit; ttl=-');
}

function partsOf({ body }: Reply) {
  return envelope.parse(JSON.parse(body.toString('utf8'))).meta;
}

/** Throws unless the reply is a 200. */
export function expectStatus({ status, head, body }: Reply): void {
  if (status !== 200)
    throw new Error(`expected 200: ${head.split('\r\n')[0]}: ${body.toString('utf8', 0, 300)}`);
}
