import type { Exchange } from '../judges/client/exchange.ts';
import { isGood } from '../judges/client/exchange.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { outcomes, shareMs } from '../tally.ts';

const places = 8;
const jobMs = 800;
/** Four fifths of what the places can do. */
const onePerSecond = (0.8 * places * 1_000) / jobMs;
const overMs = 40_000;
const recoveryMs = 10_000;

export default defineRow({
  id: 'G6',
  title: 'Three times the load, sustained',
  injected:
    'new questions only, each a job of 800 ms in one of 8 places: 8 a second for 15 s, 24 a second for 40 s, and 8 a second again',
  quick: false,
  house: { workers: 1, env: { LIVE_CONCURRENCY: String(places) } },
  // The control group has entries, so it stays as it is.
  async run(chaos) {
    await chaos.faults({ match: { query: 'lasting' }, latencyMs: jobMs });
    const one = await load(chaos, 'one', 1, 15_000);
    const three = await load(chaos, 'three', 3, overMs);
    const again = await load(chaos, 'again', 1, 15_000);
    await chaos.faults();
    await chaos.recovery();
    const [goodput, goodputOver] = [goodPerSecond(one, 15_000), goodPerSecond(three, overMs)];
    chaos.claim(
      'goodput is at least 90 % of what it is at once the load',
      goodputOver >= 0.9 * goodput,
      `${goodputOver} a second after ${goodput}`,
    );
    const refused = three.filter(({ outcome }) => outcome === 'overloaded');
    const refusedMs = shareMs(refused, 0.99);
    const mostMs = chaos.isStrict ? 100 : 2_000;
    chaos.claim(`99 in 100 refusals within ${mostMs} ms`, refusedMs <= mostMs, refusedMs);
    const helped = refused.every(({ headers }) => Number(headers?.['retry-after']) >= 1);
    chaos.claim('each says when to come back', helped, refused.length);
    const tail = again.slice(-(again.length * (1 - recoveryMs / 15_000)));
    chaos.claim('well again after 10 s', tail.every(isGood), outcomes(tail));
    return {
      one: outcomes(one),
      three: outcomes(three),
      again: outcomes(again),
      goodputPerSecond: goodput,
      goodputOverPerSecond: goodputOver,
      refusedP50Ms: shareMs(refused, 0.5),
      refusedP99Ms: refusedMs,
      liveP99Ms: shareMs(three.filter(isGood), 0.99),
    };
  },
});

function load(chaos: Chaos, name: string, times: number, forMs: number) {
  return chaos.fire({
    questions: ask('lasting', `${chaos.run}-${name}-{n}`),
    arrival: { kind: 'rate', perSecond: onePerSecond * times, forMs },
  });
}

/** Good answers a second, of those that came while questions were sent. */
function goodPerSecond(exchanges: readonly Exchange[], forMs: number): number {
  const startedMs = Math.min(...exchanges.map(({ sentMs }) => sentMs));
  const isInTime = ({ sentMs, lastByteMs = Infinity }: Exchange) =>
    sentMs + lastByteMs <= startedMs + forMs + jobMs * 2;
  const good = exchanges.filter((exchange) => isGood(exchange) && isInTime(exchange)).length;
  return Math.round((good / forMs) * 10_000) / 10;
}
