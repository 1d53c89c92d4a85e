import { setTimeout as sleep } from 'node:timers/promises';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { outcomes } from '../tally.ts';

const users = 10;
const rounds = 10;
const retries = 3;
/** Probes are made by the clock, not by the load: one more or less is no amplification. */
const slackJobs = 2;

export default defineRow({
  id: 'G8',
  title: 'Clients retry all at once',
  injected:
    'every job of the query fails; ten new questions a second for 10 s, first asked once each, then each failure at once three times more',
  quick: false,
  allows: { warehouse: { jobsPerMark: 4 } },
  async run(chaos) {
    const calm = await failFor(chaos, 'calm', 0);
    const wild = await failFor(chaos, 'wild', retries);
    const most = Math.ceil(calm.jobs * 1.1) + slackJobs;
    chaos.claim(
      'four times the questions are at most 1.1 times the jobs, and two',
      wild.jobs <= most,
      `${wild.jobs} after ${calm.jobs}`,
    );
    return {
      calm: calm.answers,
      calmJobs: calm.jobs,
      wild: wild.answers,
      wildJobs: wild.jobs,
    };
  },
});

/** Lets every job fail for some seconds; each user whose question fails asks it again so many times at once. */
async function failFor(chaos: Chaos, name: string, again: number) {
  const before = await jobsOf(chaos);
  await chaos.faults({ match: { query: 'plain' }, error: { status: 503, reason: 'backendError' } });
  const answers = [];
  for (let round = 0; round < rounds; round += 1) {
    const second = sleep(1_000);
    const question = ask('plain', `${chaos.run}-${name}-${round}-{n}`);
    const first = await chaos.fire({
      questions: question,
      arrival: { kind: 'at-once', count: users },
    });
    answers.push(...first);
    const failed = first.filter(({ status }) => status !== 200);
    const questions = failed.map(({ path, key = '' }) => ({ ...question, path, key }));
    if (again > 0 && failed.length > 0)
      answers.push(
        ...(await chaos.fire({
          questions,
          arrival: { kind: 'at-once', count: failed.length * again },
        })),
      );
    await second;
  }
  const jobs = (await jobsOf(chaos)) - before;
  await chaos.faults();
  await chaos.recovery('plain');
  return { answers: outcomes(answers), jobs };
}

async function jobsOf({ warehouse }: Chaos): Promise<number> {
  return (await warehouse.ask('jobs', 'plain')).length;
}
