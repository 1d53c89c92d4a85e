// Does a result of 100,000 rows stand in anybody's way?
//
// One after the other new results are computed and read whole, found again, and found again compressed. How late the event
// loops of gateway and worker were meanwhile, and what the gateway holds, is what they say of themselves in their metrics.
import { type BenchStack, startBenchStack } from '../bench-stack.ts';
import { expectSource } from '../http/expect-source.ts';
import { getOnce } from '../http/get-once.ts';
import { readGauges } from '../http/read-gauges.ts';
import { measureOf } from '../measure/measure.ts';
import { timed } from '../measure/timed.ts';
import type { Finding, Scenario, Setting } from '../scenario.ts';

/** 100,000 rows, and how late they make others. */
export const bigResult: Scenario = {
  name: 'big-result',
  question: 'Does a result of 100,000 rows stand in anybody’s way?',
  async run(setting) {
    await using bench = await startBenchStack(setting);
    await measure(bench, setting, 1, 0);
    setting.say('warmed up');
    return findingOf(await measure(bench, setting, setting.quick ? 1 : 10, 1));
  },
};

const MOST_LATE_MS = 50;
const MOST_MEBIBYTES = 256;
const LIVE = 'live, read whole';
const FOUND = 'found, read whole';
const GZIPPED = 'found, read whole with gzip';

interface Seen {
  readonly times: Readonly<Record<string, number[]>>;
  readonly late: Readonly<Record<'gateway' | 'worker', number[]>>;
  readonly residentMebibytes: number[];
  readonly bytes: number;
}

async function measure(
  { gateway, stack }: BenchStack,
  { signal }: Setting,
  rounds: number,
  from: number,
): Promise<Seen> {
  const { admin } = stack.addresses;
  const worker = stack.workers[0]?.ready['worker'];
  if (worker === undefined) throw new Error('there is no worker');
  const seen: Seen = {
    times: { [LIVE]: [], [FOUND]: [], [GZIPPED]: [] },
    late: { gateway: [], worker: [] },
    residentMebibytes: [],
    bytes: 0,
  };
  let bytes = 0;
  const lateMs = async (origin: string) =>
    1_000 *
    ((await readGauges(origin, 'punctual_event_loop_delay_seconds')).get('1') ?? Number.NaN);
  await Promise.all([admin, worker].map(lateMs));
  for (let batch = from; batch < from + rounds; batch++) {
    signal.throwIfAborted();
    const url = `${gateway}/api/v1/queries/bench-many?batch=${batch}`;
    const ask = async (as: string, headers: Readonly<Record<string, string>> = {}) => {
      const { value, tookMs } = await timed(() => getOnce(url, headers));
      seen.times[as]?.push(tookMs);
      return value;
    };
    const live = await ask(LIVE);
    expectSource(live, 'live');
    bytes = live.body.length;
    expectSource(await ask(FOUND), 'fresh');
    await ask(GZIPPED, { 'accept-encoding': 'gzip' });
    seen.late.gateway.push(await lateMs(admin));
    seen.late.worker.push(await lateMs(worker));
    const held = await readGauges(admin, 'punctual_process_bytes');
    seen.residentMebibytes.push((held.get('resident') ?? Number.NaN) / 2 ** 20);
  }
  return { ...seen, bytes };
}

function findingOf({ times, late, residentMebibytes, bytes }: Seen): Finding {
  const lateness = Object.entries(late).map(([who, all]) =>
    measureOf(`the ${who}’s event loop was late, most of a round`, 'ms', all),
  );
  return {
    measures: [...Object.entries(times).map(([as, all]) => measureOf(as, 'ms', all)), ...lateness],
    figures: [
      ...lateness.map(({ what, most }) => ({
        what,
        unit: 'ms' as const,
        bound: 'at most' as const,
        promised: MOST_LATE_MS,
        measured: most,
      })),
      {
        what: 'the gateway process, resident, most',
        unit: 'MiB',
        bound: 'at most',
        promised: MOST_MEBIBYTES,
        measured: Math.max(...residentMebibytes),
      },
    ],
    remarks: [
      {
        remark: `An answer is ${bytes} bytes. The loops are those of the gateway’s serving process and of the worker’s main thread; the thread that decodes gives others a turn every 10 ms. Client, emulator and all else share the cores.`,
      },
    ],
  };
}
