import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { outcomes } from '../tally.ts';

export default defineRow({
  id: 'G3b',
  title: 'Everybody who waits for a job goes away',
  injected: 'five clients of one 12 s job leave within a second; of another one, four of five do',
  quick: true,
  async run(chaos) {
    await chaos.faults({ match: { query: 'lasting' }, latencyMs: 12_000 });
    const deserted = ask('lasting', `${chaos.run}-deserted`);
    const kept = ask('lasting', `${chaos.run}-kept`);
    const staying = chaos.fire({ questions: kept, arrival: { kind: 'at-once', count: 1 } });
    const last = new AbortController();
    const { gateway } = chaos.stack.addresses;
    const lastGone = fetch(`${gateway}${deserted.path}`, { signal: last.signal }).catch(
      () => 'left',
    );
    // Until both jobs stand there nobody leaves: a flight that is deserted earlier has none to cancel.
    await until(async () => (await chaos.warehouse.ask('jobs', 'lasting')).length === 2);
    await chaos.fire({
      questions: [deserted, kept],
      arrival: { kind: 'at-once', count: 8 },
      leaves: { share: 1, withinMs: 1_000 },
    });
    last.abort();
    await lastGone;
    const leftMs = performance.now();
    const cancelled = async () =>
      (await chaos.warehouse.ask('jobs', 'lasting')).filter((job) => job.cancelled);
    const [first] = await until(async () => nonEmpty(await cancelled()), { withinMs: 5_000 }).catch(
      () => [undefined],
    );
    const tookMs = Math.round(performance.now() - leftMs);
    await sleep(500);
    const all = (await cancelled()).length;
    const answer = await staying;
    await chaos.faults();
    chaos.claim('the last one out cancels the job', first !== undefined, tookMs);
    chaos.claim(
      'but not while somebody waits',
      all <= 1 && answer[0]?.outcome === 'live',
      outcomes(answer),
    );
    return { cancelledAfterMs: first === undefined ? 'never' : tookMs, kept: outcomes(answer) };
  },
});

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}
