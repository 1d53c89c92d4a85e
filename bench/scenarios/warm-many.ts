// What does it take to warm 100,000 users?
//
// A batched query is warmed for every member of a list that another query gives: one run of the worker, as `punctual warm`
// starts it. Counted are the warehouse jobs; what worker and gateway hold is what they say of themselves, once a second.
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { type BenchStack, startBenchStack } from '../bench-stack.ts';
import { expectSource } from '../http/expect-source.ts';
import { getOnce } from '../http/get-once.ts';
import { readGauges } from '../http/read-gauges.ts';
import { warehouseAt } from '../http/warehouse.ts';
import { jobsFigure } from '../measure/promised.ts';
import type { Finding, Scenario, Setting } from '../scenario.ts';

/** Many users before anybody asks, and how many jobs they are. */
export const warmMany: Scenario = {
  name: 'warm-many',
  question: 'What does it take to warm 100,000 users?',
  async run(setting) {
    const count = setting.quick ? 1_000 : 100_000;
    await using bench = await startBenchStack(setting, { BENCH_MEMBERS: String(count) });
    const held: Held = { worker: [], gateway: [] };
    const run = await warm(bench, setting, held);
    if (run.flown !== count)
      throw new Error(`the run has flown ${run.flown} of ${count}, and ended ${run.state}`);
    for (const memberId of [1, Math.ceil(count / 2), count])
      expectSource(await getOnce(`${bench.gateway}${PATH}${memberId}`), 'fresh');
    const jobs = (await warehouseAt(bench.emulator).jobs()).filter(({ query }) => query === QUERY);
    return findingOf(count, run, jobs.length, held);
  },
};

const QUERY = 'bench-members';
const PATH = `/api/v1/queries/${QUERY}?memberId=`;
const LOOK_EVERY_MS = 1_000;
const MOST_LOOKS = 20;
/** The list itself, a thousand flights, and the heaps of the threads, which may be larger by themselves. */
const MOST_MEBIBYTES = 1_024;

const runSchema = z.object({
  state: z.string(),
  flown: z.number(),
  total: z.number(),
  tookMs: z.number(),
});
type Run = z.output<typeof runSchema>;
const startedSchema = z.object({ data: z.object({ id: z.string() }) });
const reportSchema = z.object({
  data: z.object({ lastRun: runSchema.extend({ id: z.string() }).optional() }),
});

/** MiB. */
type Held = Readonly<Record<'worker' | 'gateway', number[]>>;

async function warm({ stack }: BenchStack, { signal, say }: Setting, held: Held): Promise<Run> {
  const { admin } = stack.addresses;
  const worker = stack.workers[0]?.ready['worker'];
  if (worker === undefined) throw new Error('there is no worker');
  // A worker that has just started says a moment later what can be warmed.
  for (let looks = 0; !(await fetch(`${admin}/admin/v1/warm/${QUERY}`)).ok; looks++) {
    if (looks === MOST_LOOKS) throw new Error(`no worker says that ${QUERY} can be warmed`);
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
  const asked = await fetch(`${admin}/admin/v1/warm`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY }),
  });
  const { id } = startedSchema.parse(await asked.json()).data;
  for (;;) {
    await pause(LOOK_EVERY_MS, undefined, { signal });
    held.worker.push(await mebibytesAt(worker));
    held.gateway.push(await mebibytesAt(admin));
    const report = await fetch(`${admin}/admin/v1/warm/${QUERY}`);
    const { lastRun } = reportSchema.parse(await report.json()).data;
    if (lastRun?.id !== id) continue;
    if (lastRun.state !== 'running') return lastRun;
    say(`${lastRun.flown} of ${lastRun.total}`);
  }
}

async function mebibytesAt(origin: string): Promise<number> {
  const held = await readGauges(origin, 'punctual_process_bytes');
  return (held.get('resident') ?? Number.NaN) / 2 ** 20;
}

function findingOf(count: number, { tookMs }: Run, jobs: number, held: Held): Finding {
  return {
    measures: [],
    figures: [
      jobsFigure(`warehouse jobs for ${count} users`, Math.max(5, count / 200), jobs),
      {
        what: 'the worker process, resident, most',
        unit: 'MiB',
        bound: 'at most',
        promised: MOST_MEBIBYTES,
        measured: Math.max(...held.worker),
      },
      {
        what: 'the gateway process, resident, most',
        unit: 'MiB',
        bound: 'at most',
        promised: 256,
        measured: Math.max(...held.gateway),
      },
    ],
    remarks: [
      {
        remark: `The run took ${(tookMs / 1_000).toFixed(1)} s: ${Math.round(count / (tookMs / 1_000))} users a second, each with an entry of his own. Three of them were asked for afterwards, and were fresh.`,
      },
    ],
  };
}
