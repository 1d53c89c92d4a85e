import { openSlowly, type SlowEnd } from '../loads/slow-sockets.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { shareMs } from '../tally.ts';

const largeBytes = 8_000_000;
/** An answer is due in 18 s, and its last byte a second later. */
const readersCutMs = 20_000;

export default defineRow({
  id: 'G4',
  title: 'Clients are slow',
  injected:
    '500 sockets at once: 230 send their headers and 230 a body at a byte a second, 40 read an answer of 8 MB at a kilobyte a second; hits go on beside them',
  quick: false,
  async run(chaos) {
    const { gateway } = chaos.stack.addresses;
    const small = ask('lasting', `${chaos.run}-small`);
    const large = ask('bulky', `${chaos.run}-large`);
    await chaos.seed([small, large]);
    const arrival = { kind: 'rate', perSecond: 50 } as const;
    const before = await chaos.fire({ questions: small, arrival: { ...arrival, forMs: 4_000 } });
    const end = await chaos.begin({ questions: small, arrival });
    const sending = { path: small.path, count: 230, watchMs: 30_000 };
    const slackMs = chaos.isStrict ? 0 : 5_000;
    const watchMs = readersCutMs + slackMs;
    const [headers, bodies, readers] = await Promise.all([
      openSlowly(gateway, { ...sending, slowness: 'headers' }),
      openSlowly(gateway, { ...sending, slowness: 'body' }),
      openSlowly(gateway, { slowness: 'reading', path: large.path, count: 40, watchMs }),
    ]);
    const hits = await end();
    await chaos.recovery();
    const headersMs = claimCut(chaos, 'who sends headers slowly', headers, 10_000 + slackMs);
    const bodiesMs = claimCut(chaos, 'who sends a body slowly', bodies, 20_000 + slackMs);
    const whole = readers.filter(({ bytes }) => bytes >= largeBytes).length;
    const what = `who reads slowly has lost the rest of his answer after ${watchMs / 1_000} s`;
    chaos.claim(what, whole === 0, `${whole} of ${readers.length} got it`);
    const [p99Ms, beforeMs] = [shareMs(hits, 0.99), shareMs(before, 0.99)];
    const mostMs = chaos.isStrict ? Math.max(50, 2 * beforeMs) : 5_000;
    chaos.claim(`99 in 100 hits within ${mostMs} ms`, p99Ms <= mostMs, p99Ms);
    return {
      headersCutMs: headersMs,
      bodiesCutMs: bodiesMs,
      readersGotMostBytes: Math.max(...readers.map(({ bytes }) => bytes)),
      hitP99BeforeMs: beforeMs,
      hitP99Ms: p99Ms,
    };
  },
});

/** Claims that all were cut in time; returns when the last one was. */
function claimCut(chaos: Chaos, who: string, ends: readonly SlowEnd[], mostMs: number) {
  const lastMs = Math.max(...ends.map(({ closedAfterMs }) => closedAfterMs));
  const shown = Number.isFinite(lastMs) ? Math.round(lastMs) : 'not cut';
  chaos.claim(`${who} is cut within ${mostMs / 1_000} s`, lastMs <= mostMs, shown);
  return shown;
}
