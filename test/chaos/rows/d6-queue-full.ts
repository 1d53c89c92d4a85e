import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import { countTrouble } from '../loads/count-trouble.ts';
import { giveRoom, usedBytes } from '../loads/give-room.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, keys, outcomes, shareMs } from '../tally.ts';

const atOnce = { kind: 'at-once', count: 8 } as const;
/** More than this share is used in the first phase; in the second one not a byte is left. */
const fullShare = 0.86;

export default defineRow({
  id: 'D6',
  title: 'The queue store is full',
  injected:
    'CONFIG SET maxmemory: first 86 % of it is used, then all of it, for 3 s each, while 8 jobs of 3 s run',
  quick: true,
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 3 } },
  async run(chaos) {
    const known = keys(`${chaos.run}-known`, 4).map((key) => ask('plain', key));
    await chaos.seed(known);
    await sleep(1_100);
    const early = await countTrouble(chaos, () => askWhen(chaos, 'early', fullShare));
    const late = await countTrouble(chaos, () => askWhen(chaos, 'late', 1.5));
    const held = await chaos.fire({ questions: known, arrival: { ...atOnce, count: 4 } });
    await giveRoom(chaos, 'queue');
    await chaos.recovery();
    for (const { value, mostPerSecond } of [early, late]) {
      const { underway, backed, name } = value;
      const live = countBy(underway, 'live');
      chaos.claim(`${name}: what runs already is finished`, live === 8, outcomes(underway));
      const given = countBy(backed, 'fallback');
      chaos.claim(`${name}: who has a fallback gets it`, given === backed.length, outcomes(backed));
      chaos.claim(
        `${name}: at most 10 lines a second are logged`,
        mostPerSecond <= 10,
        mostPerSecond,
      );
    }
    const refused = early.value.bare.filter(({ headers }) => headers?.['retry-after']);
    const { bare } = early.value;
    const shed = countBy(bare, 'overloaded');
    chaos.claim('early: new jobs are refused', shed === bare.length, outcomes(bare));
    chaos.claim(
      'and callers are told when to come back',
      refused.length === bare.length,
      refused.length,
    );
    const mostMs = chaos.isStrict ? 1_000 : 3_000;
    chaos.claim(`within ${mostMs} ms`, shareMs(bare, 0.99) <= mostMs, shareMs(bare, 0.99));
    const served = countBy(held, 'stale');
    chaos.claim('what is stale is served', served === held.length, outcomes(held));
    return {
      early: outcomes(bare),
      late: outcomes(late.value.bare),
      earlyP99Ms: shareMs(bare, 0.99),
      lateP99Ms: shareMs(late.value.bare, 0.99),
      troubleLines: early.lines + late.lines,
    };
  },
});

/** Fills the store to this share while jobs run, and asks for more. */
async function askWhen(chaos: Chaos, name: string, share: number) {
  await giveRoom(chaos, 'queue');
  await until(async () => isAdmitting(chaos, name));
  // The other gateway process has looks of its own, two a second.
  await sleep(1_100);
  await chaos.faults({ match: { query: 'lasting' }, latencyMs: 3_000 });
  const before = (await chaos.warehouse.ask('jobs', 'lasting')).length;
  const ending = chaos.fire({
    questions: ask('lasting', `${chaos.run}-${name}-underway-{n}`),
    arrival: atOnce,
  });
  await until(async () => (await chaos.warehouse.ask('jobs', 'lasting')).length >= before + 8);
  await giveRoom(chaos, 'queue', (await usedBytes(chaos, 'queue')) / share);
  await until(() => isRefusing(chaos, name), { what: 'both gateway processes have seen it' });
  const arrival = { kind: 'rate', perSecond: 10, forMs: 2_000 } as const;
  const [bare, backed] = await Promise.all([
    chaos.fire({ questions: ask('lasting', `${chaos.run}-${name}-bare-{n}`), arrival }),
    chaos.fire({ questions: ask('backed', `${chaos.run}-${name}-backed-{n}`), arrival }),
  ]);
  const underway = await ending;
  await chaos.faults();
  return { name, underway, bare, backed };
}

let asked = 0;

async function isAdmitting({ stack, run }: Chaos, name: string): Promise<boolean> {
  asked += 1;
  const answer = await stack.get(ask('lasting', `${run}-${name}-${asked}`).path);
  return answer.status === 200;
}

/** Whether all of so many in a row are refused that hardly all of them, each on a connection of its own, came to one process. */
async function isRefusing({ stack, run }: Chaos, name: string): Promise<boolean> {
  // Who is let in after all takes no time from the jobs that run.
  const headers = { Connection: 'close', 'Request-Timeout': '0.2' };
  for (let one = 0; one < 10; one += 1) {
    asked += 1;
    const { body } = await stack.get(ask('lasting', `${run}-${name}-${asked}`).path, headers);
    if (body.code !== 'overloaded') return false;
  }
  return true;
}
