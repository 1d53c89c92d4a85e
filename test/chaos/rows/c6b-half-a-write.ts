import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import { readMetric } from '../loads/read-metric.ts';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, keys, outcomes, slowestMs } from '../tally.ts';

const cuts = 12;

export default defineRow({
  id: 'C6b',
  title: 'Writes to the cache fail halfway',
  injected:
    'connections from the workers to the cache pass 40 to 1,000 bytes more and are reset then, five times a second; stale and new questions',
  quick: false,
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 12 } },
  async run(chaos) {
    const stale = keys(`${chaos.run}-stale`, 5).map((key) => ask('plain', key));
    await chaos.seed(stale);
    await sleep(1_100);
    const unreadableNow = () =>
      readMetric(chaos, 'punctual_faults_total', 'kind="entry-unreadable"');
    const before = await unreadableNow();
    const questions = [...stale, ...keys(`${chaos.run}-{n}`, 5).map((key) => ask('lasting', key))];
    const end = await chaos.begin({ questions, arrival: { kind: 'rate', perSecond: 20 } });
    let reset = 0;
    for (let cut = 0; cut < cuts; cut += 1) {
      const silentAfterBytes = Math.round(40 + Math.random() * 960);
      await chaos.trouble('worker-cache', { up: { silentAfterBytes } });
      await sleep(200);
      reset += await chaos.cut('worker-cache');
    }
    await chaos.trouble('worker-cache', {});
    await chaos.recovery();
    const exchanges = await end();
    const healedMs = performance.now();
    await until(async () => {
      const again = await chaos.fire({ questions: stale, arrival: { kind: 'at-once', count: 5 } });
      return countBy(again, 'live', 'fresh') === 5;
    }).catch(() => undefined);
    const wellMs = Math.round(performance.now() - healedMs);
    const unreadable = (await unreadableNow()) - before;
    chaos.claim('connections were reset', reset >= cuts, reset);
    chaos.claim('no half entry is ever found', unreadable === 0, unreadable);
    const held = exchanges.filter(({ key }) => key?.includes('-stale-'));
    const served = countBy(held, 'live', 'fresh', 'stale');
    chaos.claim('who has something stale gets rows', served === held.length, outcomes(held));
    // What could not be stored is not worth a warehouse job: a flight that cannot read the cache is not begun.
    const told = countBy(exchanges, 'live', 'fresh', 'stale', 'store-down');
    chaos.claim('the others get rows or are told', told === exchanges.length, outcomes(exchanges));
    const mostMs = chaos.isStrict ? 5_000 : 15_000;
    chaos.claim(`all is new again within ${mostMs} ms`, wellMs <= mostMs, wellMs);
    return { answers: outcomes(exchanges), reset, slowestMs: slowestMs(exchanges) };
  },
});
