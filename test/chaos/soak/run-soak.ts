import { STORE_LIMITS } from '../judges/store/find-leavings.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { finding, type Finding } from '../finding.ts';
import { messageOf } from '../apart/message-of.ts';
import { type House, startHouse } from '../house.ts';
import { ask, type QueryName } from '../question.ts';
import { heal, untilQuiet, untilWell } from '../settle-house.ts';
import { type History, type Line, openHistory } from './history.ts';
import { recorderOf } from './record.ts';
import { type Blow, type Bout, scheduleOf } from './schedule.ts';
import { planOf, type SoakLoad, soakLoads } from './soak-load.ts';
import { strike } from './strike.ts';

/** Which soak to run. */
export interface SoakOptions {
  readonly seed: number;
  readonly minutes: number;
  /** Whether times are judged strictly: on a machine that does nothing else. */
  readonly isStrict: boolean;
  /** Where the history is written. */
  readonly path: string;
  readonly stop: AbortSignal;
  readonly say: (text: string) => void;
}

const wellWithinMs = 60_000;
/** A job that harvests may run for two minutes. */
const quietWithinMs = 130_000;
const jobsEveryMs = 1_000;
/** The thelook tables of the home page and the alerts, small. */
const houseOptions = { env: { EMULATOR_SCALE: '0.01' } };

/** Runs the mixed load with the faults of the seed for so long and returns the history, which is in the file, too. */
export async function runSoak(options: SoakOptions): Promise<readonly Line[]> {
  await using house = await startHouse(houseOptions);
  await using history = await openHistory(options.path);
  const loads = soakLoads(`soak-${options.seed}`);
  await prepare(house, loads);
  history.add({ type: 'start', at: Date.now(), seed: options.seed, minutes: options.minutes });
  const recorder = recorderOf(house, history, loads);
  const over = new AbortController();
  const { gateway } = house.stack.addresses;
  for (const load of loads) await house.client.ask('begin', planOf(load, gateway));
  const recording = recorder.keepLooking(over.signal);
  // Awaited below. When the fight fails, that is what is to be told, not that the judges have gone with their house.
  recording.catch(() => undefined);
  await fight(house, history, options);
  for (const load of loads) {
    recorder.addExchanges(load, await house.client.ask('end', load.name));
    const count = await house.client.ask('sent', load.name);
    history.add({ type: 'sent', at: Date.now(), load: load.name, count });
  }
  over.abort();
  await recording;
  const findings = await settle(house);
  await recorder.look(true);
  history.add({ type: 'end', at: Date.now(), findings });
  return history.lines;
}

/** What is known is asked for once, so that there are entries, and nothing from before counts. */
async function prepare(house: House, loads: readonly SoakLoad[]): Promise<void> {
  const { client, warehouse, processes, stack } = house;
  await warehouse.ask('lookEvery', jobsEveryMs);
  await untilWell(house, wellWithinMs);
  for (const load of loads.filter(({ isKnown }) => isKnown === true)) {
    const plan = planOf({ ...load, name: `${load.name} before` }, stack.addresses.gateway);
    await client.ask('fire', { ...plan, arrival: { kind: 'at-once', count: 10 } });
  }
  await untilQuiet(house, quietWithinMs);
  await Promise.all([client.ask('forget'), processes.ask('forget'), warehouse.ask('forget')]);
}

async function fight(house: House, history: History, options: SoakOptions): Promise<void> {
  const endMs = performance.now() + options.minutes * 60_000;
  await sleep(2_000);
  for (const bout of scheduleOf(options.seed)) {
    if (options.stop.aborted || performance.now() + lengthMs(bout) > endMs) break;
    await Promise.all(bout.blows.map((blow) => deal(blow, house, history, options)));
    await recover(bout, house, history, options);
    await sleep(bout.quietMs, undefined, { signal: options.stop }).catch(() => undefined);
  }
  const restMs = endMs - performance.now();
  await sleep(Math.max(0, restMs), undefined, { signal: options.stop }).catch(() => undefined);
}

function lengthMs({ blows, quietMs }: Bout): number {
  return quietMs + Math.max(...blows.map(({ atMs, forMs }) => atMs + forMs));
}

async function deal(
  { number, harm, atMs, forMs }: Blow,
  house: House,
  history: History,
  { say }: SoakOptions,
): Promise<void> {
  await sleep(atMs);
  say(`fault ${number} for ${forMs} ms: ${JSON.stringify(harm)}`);
  const onKill = (role: string, pid: number) =>
    history.add({ type: 'kill', at: Date.now(), role, pid });
  history.add({ type: 'fault', at: Date.now(), number, phase: 'begins', harm });
  const end = await strike(harm, { house, onKill });
  await sleep(forMs);
  await end();
  history.add({ type: 'fault', at: Date.now(), number, phase: 'ends', harm });
}

const probed: readonly QueryName[] = ['plain', 'lasting'];
const strictMs = 5_000;
const patientMs = 20_000;
const givenUpMs = 30_000;

async function recover(
  { blows }: Bout,
  { client, stack }: House,
  history: History,
  { isStrict, say }: SoakOptions,
): Promise<void> {
  const at = Date.now();
  const after = blows.map(({ number }) => number);
  const mostMs = isStrict ? strictMs : patientMs;
  const tookAll = probed.map(async (query) => {
    const name = `recovery-${query}-${after.join('-')}`;
    const plan = {
      name,
      origin: stack.addresses.gateway,
      questions: [ask(query, `${name}-{n}`)],
      arrival: { kind: 'rate', perSecond: 5 } as const,
    };
    const tookMs = await client.ask('untilGood', plan, givenUpMs);
    history.add({ type: 'recovery', at, after, query, tookMs, mostMs });
    say(`  ${query} is well ${tookMs === undefined ? 'NOT' : `after ${Math.round(tookMs)} ms`}`);
  });
  await Promise.all(tookAll);
}

/** Heals all, waits until nothing is under way, and asks the judges what was left and logged. */
async function settle(house: House): Promise<readonly Finding[]> {
  const { store, processes } = house;
  await heal(house);
  const unwell = await untilWell(house, wellWithinMs).then(
    () => [],
    (error: unknown) => [finding('I7', messageOf(error))],
  );
  const leavings = await untilQuiet(house, quietWithinMs);
  const kept = await store.ask('verdict', STORE_LIMITS);
  // Which processes ended, and whether they were ended on purpose, stands in the history.
  const lived = await processes.ask('verdict', { gateway: 1e6, worker: 1e6 });
  return [...unwell, ...leavings, ...kept.findings, ...lived.findings];
}
