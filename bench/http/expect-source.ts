import { z } from 'zod';
import { headerOf, type Reply } from './read-reply.ts';

const envelope = z.object({
  meta: z.object({ parts: z.record(z.string(), z.object({ source: z.string() })) }),
});

/** Throws unless the answer is a 200 and every part of it says that it comes from this source. */
export function expectSource(reply: Reply, source: 'live' | 'fresh'): void {
  expectStatus(reply);
  const { parts } = envelope.parse(JSON.parse(reply.body.toString('utf8'))).meta;
  const other = Object.entries(parts).find(([, part]) => part.source !== source);
  if (other) throw new Error(`expected ${source} rows, but ${other[0]} is ${other[1].source}`);
}

/** Throws unless the reply is a 200 from the cache, by its `Cache-Status`: cheap enough for every reply under load. */
export function expectFreshHit(reply: Reply): void {
  expectStatus(reply);
  if (!reply.head.includes('punctual; hit; ttl=') || reply.head.includes('; hit; ttl=-'))
    throw new Error(`expected a fresh hit, got ${headerOf(reply, 'cache-status')}`);
}

/** Throws unless the reply is a 200. */
export function expectStatus({ status, head, body }: Reply): void {
  if (status !== 200)
    throw new Error(`expected 200: ${head.split('\r\n')[0]}: ${body.toString('utf8', 0, 300)}`);
}
