// What does a miss add to the warehouse client's own time?
//
// The cheapest query there is, with a parameter that nobody has asked before, through the gateway (Redis, queue, worker,
// thread, client, entry, answer) and, in the same rounds, by the official client alone: the same SQL as a job with an id
// of its own, then its first page. What is left after subtracting is ours.
//
// Beside it, in rounds of their own: what an id of one's own costs, against the client's quick path (decision 0007).
import { readFile } from 'node:fs/promises';
import { type BenchStack, startBenchStack } from '../bench-stack.ts';
import { getRequest, openConnection } from '../http/connection.ts';
import { expectSource } from '../http/expect-source.ts';
import { headerOf } from '../http/read-reply.ts';
import { measureOf, median } from '../measure/measure.ts';
import { interleave } from '../measure/rounds.ts';
import { timed } from '../measure/timed.ts';
import { createOfficialClient, type OfficialClient } from '../peers/official-client.ts';
import type { Finding, Scenario, Setting } from '../scenario.ts';

/** What a miss adds to the official client's own time. */
export const miss: Scenario = {
  name: 'miss',
  question: 'What does a miss add to the time that the official BigQuery client takes by itself?',
  async run(setting) {
    await using bench = await startBenchStack(setting);
    await measure(bench, setting, setting.quick ? 3 : 500);
    setting.say('warmed up');
    return findingOf(await measure(bench, setting, setting.quick ? 10 : 500));
  },
};

interface Times {
  readonly gateway: number[];
  /** By the gateway's own clock: from the request read to the answer composed. */
  readonly within: number[];
  readonly client: number[];
  /** The two ways of the official client, in rounds without the gateway. */
  readonly byJob: number[];
  readonly quickly: number[];
}

let asked = 0;

async function measure(bench: BenchStack, setting: Setting, rounds: number): Promise<Times> {
  const sql = await readFile(new URL('../catalog/queries/bench-echo.sql', import.meta.url), 'utf8');
  const client = createOfficialClient(bench.emulator);
  using connection = await openConnection(bench.gateway);
  const times: Times = { gateway: [], within: [], client: [], byJob: [], quickly: [] };
  const throughGateway = async () => {
    const request = getRequest(`${bench.gateway}/api/v1/queries/bench-echo?n=${asked++}`);
    const { value: reply, tookMs } = await timed(() => connection.send(request));
    expectSource(reply, 'live');
    times.gateway.push(tookMs);
    times.within.push(
      Number(/total;dur=([\d.]+)/.exec(headerOf(reply, 'server-timing') ?? '')?.[1]),
    );
  };
  const byClient = (run: OfficialClient['run'], taken: number[]) => async () => {
    const { value: rows, tookMs } = await timed(() => run({ sql, parameters: { n: asked++ } }));
    if (rows.length !== 1) throw new Error(`one row was to be read, not ${rows.length}`);
    taken.push(tookMs);
  };
  const byJob = byClient(client.run, times.byJob);
  const quickly = byClient(client.runQuickly, times.quickly);
  await interleave(rounds, [throughGateway, byClient(client.run, times.client)], setting);
  await interleave(rounds, [byJob, quickly], setting);
  return times;
}

function findingOf({ gateway, within, client, byJob, quickly }: Times): Finding {
  const added = gateway.map((ms, round) => ms - (client[round] ?? Number.NaN));
  return {
    measures: [
      measureOf('a miss through the gateway', 'ms', gateway),
      measureOf('of it within the gateway (Server-Timing)', 'ms', within),
      measureOf('the official client alone', 'ms', client),
      measureOf('added, round by round', 'ms', added),
      measureOf('client: a job with an id of its own', 'ms', byJob),
      measureOf('client: its quick path, no id', 'ms', quickly),
    ],
    figures: [
      {
        what: 'a miss adds (median of the rounds’ differences)',
        unit: 'ms',
        bound: 'at most',
        promised: 5,
        measured: median(added),
      },
    ],
    remarks: [
      {
        remark:
          'Sequential; every parameter is new, and every answer was checked to be live. The official client runs in the bench’s own process.',
      },
    ],
  };
}
