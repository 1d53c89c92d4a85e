// What does it cost to say that nothing has changed?
//
// The answer of 2 KB again, asked for with the `ETag` that it came with: no body leaves. The bare server sends the head of
// the gateway's 304 to everybody; the others hold the whole answer and compare the tag.
import { headerOf } from '../http/read-reply.ts';
import { warmCache } from '../http/warm-cache.ts';
import { findingOf } from '../peers/standings.ts';
import { measureSideBySide } from '../peers/side-by-side.ts';
import type { Scenario } from '../scenario.ts';

const PATH = '/api/v1/queries/bench-products?limit=12';

/** A 304 beside the same from others. */
export const revalidate304: Scenario = {
  name: 'revalidate-304',
  question:
    'What share of a bare node:http server’s speed has an answer that the caller has already (304)?',
  async run(setting) {
    const standings = await measureSideBySide(async ({ gateway }) => {
      const tag = headerOf(await warmCache(`${gateway}${PATH}`), 'etag');
      if (tag === undefined) throw new Error('the answer has no ETag');
      return { path: PATH, headers: { 'if-none-match': tag }, status: 304 };
    }, setting);
    return { ...findingOf(standings), figures: [] };
  },
};
