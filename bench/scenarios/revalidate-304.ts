// What does it cost to say that nothing has changed?
//
// The answer of 2 KB again, asked for with the `ETag` that it came with: no body leaves. The bare server sends the head of
// the gateway's 304 to everybody; the others hold the whole answer and compare the tag.
import { startBenchStack } from '../bench-stack.ts';
import { headerOf } from '../http/read-reply.ts';
import { warmCache } from '../http/warm-cache.ts';
import { findingOf } from '../peers/standings.ts';
import { measureSideBySide } from '../peers/side-by-side.ts';
import type { Scenario } from '../scenario.ts';

/** A 304 beside the same from others. */
export const revalidate304: Scenario = {
  name: 'revalidate-304',
  question:
    'What share of a bare node:http server’s speed has an answer that the caller has already (304)?',
  async run(setting) {
    await using bench = await startBenchStack(setting);
    const path = '/api/v1/queries/bench-products?limit=12';
    const tag = headerOf(await warmCache(`${bench.gateway}${path}`), 'etag');
    if (tag === undefined) throw new Error('the answer has no ETag');
    const subject = { path, headers: { 'if-none-match': tag }, status: 304 } as const;
    return { ...findingOf(await measureSideBySide(bench, subject, setting)), figures: [] };
  },
};
