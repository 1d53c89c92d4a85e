import { until } from '../../until.ts';
import { reviveWorkers } from '../loads/worker-life.ts';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

export default defineRow({
  id: 'K5b',
  title: 'A query kills every worker process that runs it',
  injected:
    'SIGKILL to the process in the transform for one key, until it is given up, each worker back at once; 5 neighbours of 1 s per second',
  quick: false,
  allows: { ends: { worker: 2 } },
  async run(chaos) {
    await chaos.faults({ match: { query: 'lasting' }, latencyMs: 1_000 });
    const stopReviving = reviveWorkers(chaos);
    const beside = ask('lasting', `${chaos.run}-beside-{n}`);
    const end = await chaos.begin({ questions: beside, arrival: { kind: 'rate', perSecond: 5 } });
    const poison = ask('hostile', `${chaos.run}-kill-it`);
    const once = { kind: 'at-once', count: 1 } as const;
    const asked = await chaos.fire({ questions: poison, arrival: once });
    await until(
      async () => {
        const [again] = await chaos.fire({ questions: poison, arrival: once });
        return again?.outcome === 'quarantined';
      },
      { withinMs: 45_000, everyMs: 1_000, what: 'it rests' },
    );
    const resting = await chaos.fire({ questions: poison, arrival: { kind: 'in-turn', count: 5 } });
    const ended = await stopReviving();
    await chaos.faults();
    await chaos.recovery();
    const flown = await end();
    chaos.claim('two workers at most die of it', ended <= 2, ended);
    chaos.claim('then it rests', countBy(resting, 'quarantined') === 5, outcomes(resting));
    const atOnceMs = chaos.isStrict ? 500 : 2_500;
    chaos.claim(
      `and says so within ${atOnceMs} ms`,
      slowestMs(resting) <= atOnceMs,
      slowestMs(resting),
    );
    const live = countBy(flown, 'live');
    chaos.claim('its neighbours are answered live', live === flown.length, outcomes(flown));
    return {
      workersLost: ended,
      first: outcomes(asked),
      neighbours: outcomes(flown),
      slowestNeighbourMs: slowestMs(flown),
    };
  },
});
