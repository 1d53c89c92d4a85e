import { until } from '../../until.ts';
import { fillQueue } from '../loads/fill-queue.ts';
import type { Exchange } from '../judges/client/exchange.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

const count = 100_000;
const settledMs = 30_000;

export default defineRow({
  id: 'G7',
  title: 'A backlog of 100,000 jobs that are out of date',
  injected:
    'the workers are killed, 100,000 jobs that were due a minute ago are put into the live queue, the workers start again; five new questions a second from then on',
  quick: false,
  allows: { ends: { worker: 2 }, controlDegrades: true },
  async run(chaos) {
    const { workers, redis } = chaos.stack;
    const version = await versionOf(chaos, 'lasting');
    await Promise.all(workers.map((worker) => worker.kill()));
    await fillQueue(redis.queueUrl, 'live', { query: 'lasting', version }, count);
    const jobsBefore = (await chaos.warehouse.ask('jobs')).length;
    await Promise.all(workers.map((worker) => worker.restart()));
    await chaos.watchProcesses();
    const startedAt = Date.now();
    const questions = ask('lasting', `${chaos.run}-new-{n}`);
    const end = await chaos.begin({ questions, arrival: { kind: 'rate', perSecond: 5 } });
    await until(async () => (await waiting(chaos)) < 100, {
      withinMs: 150_000,
      everyMs: 250,
    }).catch(() => undefined);
    const drainedMs = Date.now() - startedAt;
    const left = await waiting(chaos);
    await chaos.recovery();
    const exchanges = await end();
    const jobs = (await chaos.warehouse.ask('jobs')).length - jobsBefore;
    const asked = new Set(exchanges.map(({ key }) => key)).size;
    const drained = Math.round((count - left) / (drainedMs / 1_000));
    const settled = exchanges.filter(({ sentAt }) => sentAt >= startedAt + settledMs);
    claimService(chaos, settled.length > 0 ? settled : exchanges.slice(-10));
    chaos.claim('it is drained', left < 100, left);
    // The recovery asks for some of its own, and so does the control group.
    chaos.claim('what is out of date is never run', jobs <= asked + 50, jobs);
    return {
      early: outcomes(exchanges.filter(({ sentAt }) => sentAt < startedAt + settledMs)),
      late: outcomes(settled),
      drainedMs,
      drainedPerSecond: drained,
      jobs,
    };
  },
});

/** Within the contract: an answer, or at once a refusal that says when to come back. */
function claimService(chaos: Chaos, exchanges: readonly Exchange[]): void {
  const given = countBy(exchanges, 'live', 'fresh') + countBy(exchanges, 'overloaded');
  chaos.claim(
    '30 s later new questions are answered, or refused at once',
    given === exchanges.length,
    outcomes(exchanges),
  );
  const refused = exchanges.filter(({ outcome }) => outcome === 'overloaded');
  const mostMs = chaos.isStrict ? 500 : 3_000;
  chaos.claim(`refusals within ${mostMs} ms`, slowestMs(refused) <= mostMs, slowestMs(refused));
}

async function waiting({ store }: Chaos): Promise<number> {
  return Number(await store.ask('command', 'queue', 'LLEN', '{punctual}:live:wait'));
}

async function versionOf({ stack }: Chaos, name: string): Promise<string> {
  const { body } = await stack.get('/api/v1/queries');
  const { data } = body as unknown as {
    data: { queries: readonly { name: string; version: string }[] };
  };
  const version = data.queries.find((query) => query.name === name)?.version;
  if (version === undefined) throw new Error(`the catalog does not tell the version of ${name}`);
  return version;
}
