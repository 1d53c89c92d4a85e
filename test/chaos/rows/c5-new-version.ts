import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import type { Exchange } from '../judges/client/exchange.ts';
import { letGo, pull, withLevers } from '../levers.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, keys, outcomes, slowestMs } from '../tally.ts';

/** Who asks for one version meets workers of the other one, half of the time, and may not find his own before his time is up. */
const leastShare = 0.95;

export default defineRow({
  id: 'C5',
  title: 'A new version of a query is rolled out, its columns retyped and added to',
  injected:
    'one of two workers, one of two serving processes, the other one, the other worker: each gets SIGTERM and starts with the new version under 20 requests a second, entries, jobs and waiters of the old one all around',
  quick: false,
  house: withLevers(),
  allows: {
    ends: { gateway: 4, worker: 4 },
    breaks: ['reset', 'closed', 'refused'],
    warehouse: { jobsPerMark: 2 },
  },
  async run(chaos) {
    const known = keys(`${chaos.run}-known`, 10).map((key) => ask('versioned', key));
    await chaos.seed(known);
    await chaos.faults({ match: { query: 'versioned' }, latencyMs: 500 });
    const unknown = ask('versioned', `${chaos.run}-new-{n}`);
    const questions = known.flatMap((question) => [question, unknown]);
    const arrival = { kind: 'rate', perSecond: 20 } as const;
    const end = await chaos.begin({ questions, arrival });
    await sleep(1_500);
    try {
      await rollOut(chaos);
    } finally {
      await letGo();
    }
    await sleep(2_000);
    const exchanges = await end();
    await chaos.faults();
    const after = exchanges.slice(-20);
    const answered = exchanges.filter(({ broken }) => broken === undefined);
    const broken = exchanges.length - answered.length;
    const mixed = answered.filter(isMixed);
    chaos.claim('no answer mixes versions', mixed.length === 0, mixed.length);
    const good = countBy(answered, 'live', 'fresh');
    chaos.claim(
      `${leastShare * 100} % of all get rows`,
      good >= leastShare * answered.length,
      outcomes(answered),
    );
    chaos.claim('nobody is cut off', broken === 0, broken);
    const newer = after.filter(({ stamps = [] }) =>
      stamps.every((stamp) => stamp.startsWith('2:')),
    );
    chaos.claim(
      'at the end everything is of the new version',
      newer.length === after.length,
      newer.length,
    );
    // The levers are back, and so is the old version with the next start.
    const { gateway, workers } = chaos.stack;
    await Promise.all([gateway, ...workers].map((role) => role.restart()));
    await chaos.watchProcesses();
    await chaos.recovery();
    return {
      answers: outcomes(answered),
      lost: broken,
      slowestMs: slowestMs(answered),
      live: countBy(answered, 'live'),
    };
  },
});

/** Workers first: whoever asks for the new version finds somebody who can make it, and the old one is made until the end. */
async function rollOut(chaos: Chaos): Promise<void> {
  await pull('worker', 'release', 2);
  await pull('gateway', 'release', 2);
  await chaos.stack.workers[0]?.restart();
  await chaos.watchProcesses();
  await sleep(1_500);
  for (const serving of await chaos.processes.ask('serving')) {
    await replace(chaos, serving);
    await sleep(1_500);
  }
  await chaos.stack.workers[1]?.restart();
  await chaos.watchProcesses();
}

/** A serving process is replaced once the one in its place says so: until then nobody else may leave. */
async function replace({ stack }: Chaos, serving: number): Promise<void> {
  const up = async () => (await stack.log('gateway')).split('"gateway process is up"').length;
  const before = await up();
  process.kill(serving, 'SIGTERM');
  await until(async () => (await up()) > before, { withinMs: 40_000, everyMs: 100 });
}

function isMixed({ stamps = [] }: Exchange): boolean {
  return new Set(stamps.map((stamp) => stamp.slice(0, 2))).size > 1;
}
