import { until } from '../../until.ts';
import type { Exchange } from '../judges/client/exchange.ts';
import { threadEnds } from '../loads/worker-life.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

const neighbours = 6;

export default defineRow({
  id: 'K6',
  title: 'A thread runs out of memory, exits or spins',
  injected:
    'the transform of one key fills its heap, exits, spins for ever; 6 neighbours of 3 s each time',
  quick: false,
  // As many threads as a worker has unless it is told otherwise.
  house: { env: { WORKER_THREADS: '2' } },
  async run(chaos) {
    await chaos.faults({ match: { query: 'lasting' }, latencyMs: 3_000 });
    const figures: Record<string, number | string> = {};
    for (const way of ['oom', 'exit', 'spin'] as const) {
      const { hostile, flown, next } = await lose(chaos, way);
      figures[`${way}Ms`] = slowestMs(hostile);
      figures[`${way}NeighboursMs`] = slowestMs(flown);
      figures[`${way}NextMs`] = slowestMs(next);
      chaos.claim(`${way}: the task fails`, (hostile[0]?.status ?? 0) >= 500, outcomes(hostile));
      const live = countBy(flown, 'live');
      chaos.claim(`${way}: its neighbours are answered live`, live === neighbours, outcomes(flown));
      const soonMs = chaos.isStrict ? 500 : 14_000;
      const soon = countBy(next, 'live') === next.length && slowestMs(next) <= soonMs;
      chaos.claim(`${way}: the next tasks are answered within ${soonMs} ms`, soon, slowestMs(next));
    }
    await chaos.faults();
    await chaos.recovery();
    return figures;
  },
});

interface Lost {
  readonly hostile: readonly Exchange[];
  readonly flown: readonly Exchange[];
  readonly next: readonly Exchange[];
}

/** Loses a thread among its neighbours, and asks for something new as soon as it has ended. */
async function lose(chaos: Chaos, way: 'oom' | 'exit' | 'spin'): Promise<Lost> {
  const before = (await chaos.warehouse.ask('jobs', 'lasting')).length;
  const beside = ask('lasting', `${chaos.run}-beside-${way}{n}`);
  const flying = chaos.fire({
    questions: beside,
    arrival: { kind: 'at-once', count: neighbours },
  });
  const begun = before + neighbours;
  await until(async () => (await chaos.warehouse.ask('jobs', 'lasting')).length === begun);
  const endsBefore = await threadEnds(chaos);
  const questions = ask('hostile', `${chaos.run}-${way}-it`);
  const dying = chaos.fire({ questions, arrival: { kind: 'at-once', count: 1 } });
  await until(async () => (await threadEnds(chaos)) > endsBefore, { withinMs: 20_000 });
  const next = await chaos.fire({
    questions: ask('hostile', `${chaos.run}-next${way}-{n}`),
    arrival: { kind: 'at-once', count: 3 },
  });
  return { hostile: await dying, flown: await flying, next };
}
