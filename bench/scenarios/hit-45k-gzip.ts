// What does a large answer cost that is asked for compressed?
//
// About 45 KB of rows, asked for with `Accept-Encoding: gzip` as every browser does. Everybody beside it sends the bytes
// that the gateway sends, compressed if those are: what compressing once costs is not in it, what doing it each time
// would cost is.
import { setTimeout as pause } from 'node:timers/promises';
import { getOnce } from '../http/get-once.ts';
import { headerOf } from '../http/read-reply.ts';
import { warmCache } from '../http/warm-cache.ts';
import { measureSideBySide } from '../peers/side-by-side.ts';
import { findingOf } from '../peers/standings.ts';
import type { Scenario, Setting } from '../scenario.ts';

/** A large fresh answer, compressed where the gateway does so, beside the same bytes from others. */
export const hit45kGzip: Scenario = {
  name: 'hit-45k-gzip',
  question:
    'What share of a bare node:http server’s speed has a fresh answer of 45 KB, asked for with gzip?',
  async run(setting) {
    let plainBytes = 0;
    const standings = await measureSideBySide(async ({ gateway }) => {
      plainBytes = (await warmCache(`${gateway}${PATH}`)).body.length;
      await untilCompressed(`${gateway}${PATH}`, setting);
      return { path: PATH, headers: HEADERS, status: 200 };
    }, setting);
    const { measures, remarks } = findingOf(standings);
    const sent = standings.answer.body.length;
    return {
      measures,
      figures: [],
      remarks: [
        { remark: `Without Accept-Encoding it is ${plainBytes} bytes, with it ${sent}.` },
        ...remarks,
      ],
    };
  },
};

const PATH = '/api/v1/queries/bench-products?limit=300';
const HEADERS = { 'accept-encoding': 'gzip' };
const COMPRESSED_WITHIN_MS = 2_000;
const LOOK_EVERY_MS = 20;

/** The compressed form may be made behind the first answers; one that never comes is no failure, and is told in the remarks. */
async function untilCompressed(url: string, { signal }: Setting): Promise<void> {
  const untilMs = performance.now() + COMPRESSED_WITHIN_MS;
  while (headerOf(await getOnce(url, HEADERS), 'content-encoding') === undefined) {
    if (performance.now() > untilMs) return;
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}
