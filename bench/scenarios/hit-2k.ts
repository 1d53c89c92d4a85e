// How much of what node:http can do is left when an answer of 2 KB comes from the cache?
//
// A single query's rows, fresh, over keep-alive connections: beside a bare server that sends the same bytes, and beside
// everything that one would otherwise put there, each in a process of its own on the same core.
import { warmCache } from '../http/warm-cache.ts';
import { findingOf, shareOf } from '../peers/standings.ts';
import { measureSideBySide } from '../peers/side-by-side.ts';
import type { Scenario } from '../scenario.ts';

const PATH = '/api/v1/queries/bench-products?limit=12';

/** A small fresh answer beside the same bytes from others. */
export const hit2k: Scenario = {
  name: 'hit-2k',
  question:
    'What share of a bare node:http server’s speed has a fresh answer of 2 KB, and who has more?',
  async run(setting) {
    const standings = await measureSideBySide(async ({ gateway }) => {
      await warmCache(`${gateway}${PATH}`);
      return { path: PATH, headers: {}, status: 200 };
    }, setting);
    return {
      ...findingOf(standings),
      figures: [
        {
          what: 'a fresh answer of 2 KB, requests per second as a share of bare node:http',
          unit: 'ratio',
          bound: 'at least',
          promised: 0.9,
          measured: shareOf(standings),
        },
      ],
    };
  },
};
