import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '../../until.ts';
import type { Fault } from '../../with-stack.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

const count = 3;
/** Tries of a cancel, and as many by who flies next. */
const mostCancels = 10;
const cancel = { query: 'lasting', route: 'cancel' };
const error = { status: 503, reason: 'backendError' };

/** What becomes of a cancel, and whether its job ends by it. */
const shapes: Readonly<Record<string, { fault: Fault; ends: 'cancelled' | 'by itself' }>> = {
  hangs: { fault: { at: 'http', match: cancel, hang: true }, ends: 'cancelled' },
  fails: { fault: { at: 'http', match: cancel, error }, ends: 'by itself' },
  'fails twice': { fault: { at: 'http', match: cancel, error, times: 6 }, ends: 'cancelled' },
};

export default defineRow({
  id: 'W13',
  title: 'Cancelling hangs or fails',
  injected:
    'every job hangs, and cancelling it takes effect without an answer, fails, or fails twice; 3 new questions at once, due in 4 s',
  quick: false,
  async run(chaos) {
    const figures: Record<string, string> = {};
    for (const [name, shape] of Object.entries(shapes)) {
      await chaos.faults(shape.fault, { match: { query: 'lasting' }, hang: true });
      figures[name] = await suffer(chaos, name, shape.ends);
      await chaos.faults();
      await chaos.recovery();
    }
    return figures;
  },
});

async function suffer(chaos: Chaos, name: string, ends: string): Promise<string> {
  const before = new Set((await chaos.warehouse.ask('jobs', 'lasting')).map(({ jobId }) => jobId));
  const exchanges = await chaos.fire({
    questions: ask('lasting', `${chaos.run}-${name.replace(' ', '-')}-{n}`, {
      'Request-Timeout': '4',
    }),
    arrival: { kind: 'at-once', count },
  });
  const jobs = async () =>
    (await chaos.warehouse.ask('jobs', 'lasting')).filter(({ jobId }) => !before.has(jobId));
  const haveEnded = async () => (await jobs()).every(({ endedAt }) => endedAt !== undefined);
  await until(haveEnded, { withinMs: 20_000, everyMs: 200 }).catch(() => undefined);
  // Longer than the pauses between tries: there must be an end to them.
  await sleep(5_000);
  const ended = await jobs();
  const most = Math.max(0, ...ended.map(({ calls }) => calls['cancel'] ?? 0));
  const least = Math.min(...ended.map(({ calls }) => calls['cancel'] ?? 0));
  const cancelled = ended.filter((job) => job.cancelled).length;
  const slackMs = chaos.isStrict ? 4_500 : 5_000;
  chaos.claim(
    `${name}: answers are what they would be`,
    countBy(exchanges, 'timeout') === count && slowestMs(exchanges) <= slackMs,
    `${outcomes(exchanges)}, ${slowestMs(exchanges)} ms`,
  );
  chaos.claim(`${name}: the cancel is tried`, least >= 1, least);
  chaos.claim(
    `${name}: repeated, and not for ever`,
    most >= (ends === 'cancelled' ? 1 : 2) && most <= mostCancels,
    most,
  );
  if (ends === 'by itself') {
    const logged = await chaos.stack.log('worker-1').then(
      async (log) => log + (await chaos.stack.log('worker-2')),
      () => chaos.stack.log('worker'),
    );
    const lines = logged.split('\n').filter((line) => line.includes('may still run'));
    chaos.claim(`${name}: what may still run is logged`, lines.length > 0, lines.length);
  }
  if (ends === 'cancelled')
    chaos.claim(`${name}: in the end it is done`, cancelled === count, cancelled);
  return `${outcomes(exchanges)}; ${least} to ${most} cancels each, ${cancelled} cancelled`;
}
