import { type LeverRole, letGo, pull } from '../levers.ts';
import type { Chaos, Figures } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';
import { mixedQuestions, newQuestions, standing } from './mixed.ts';

const hourMs = 3_600_000;
const arrival = { kind: 'rate', perSecond: 15, forMs: 2_000 } as const;

/** Sets a role's wall clock an hour off, ahead and behind: while it runs, from its start, and back; asks a mixed load each time. */
export async function runWithWrongClock(chaos: Chaos, role: LeverRole): Promise<Figures> {
  const { known } = mixedQuestions(chaos.run);
  await chaos.seed(known);
  const askMixed = async (phase: string) => {
    const before = (await chaos.warehouse.ask('jobs')).length;
    const questions = [...known, ...newQuestions(`${chaos.run}-${phase}`)];
    const exchanges = await chaos.fire({ questions, arrival });
    return { phase, exchanges, jobs: (await chaos.warehouse.ask('jobs')).length - before };
  };
  const usual = await askMixed('usual');
  const phases: Awaited<ReturnType<typeof askMixed>>[] = [];
  try {
    for (const [name, aheadMs] of [
      ['ahead', hourMs],
      ['behind', -hourMs],
    ] as const) {
      await pull(role, 'clock', aheadMs);
      phases.push(await askMixed(`${name}-jumped`));
      await restart(chaos, role);
      phases.push(await askMixed(`${name}-started`));
      await pull(role, 'clock', 0);
      phases.push(await askMixed(`${name}-jumped-back`));
    }
  } finally {
    await letGo();
  }
  await restart(chaos, role);
  await chaos.recovery();
  const mostJobs = 2 * usual.jobs;
  for (const { phase, exchanges, jobs } of phases) {
    const fresh = standing(exchanges, 'fresh');
    const good = countBy(exchanges, 'live', 'fresh', 'stale');
    chaos.claim(
      `${phase}: nothing expires`,
      countBy(fresh, 'fresh') === fresh.length,
      outcomes(fresh),
    );
    chaos.claim(
      `${phase}: everybody gets his rows`,
      good === exchanges.length,
      outcomes(exchanges),
    );
    chaos.claim(`${phase}: at most ${mostJobs} warehouse jobs`, jobs <= mostJobs, jobs);
  }
  return {
    usualJobs: usual.jobs,
    mostJobsOfAPhase: Math.max(...phases.map(({ jobs }) => jobs)),
    slowestMixedMs: slowestMs(phases.flatMap(({ exchanges }) => exchanges)),
  };
}

async function restart(chaos: Chaos, role: LeverRole): Promise<void> {
  const { gateway, workers } = chaos.stack;
  await Promise.all((role === 'gateway' ? [gateway] : workers).map((one) => one.restart()));
  await chaos.watchProcesses();
}
