import { until } from '../../until.ts';
import type { Fault } from '../../with-stack.ts';
import type { House, LaneName } from '../house.ts';
import { harvestMsOf } from './checks/find-costly-jobs.ts';
import type { Trouble } from '../proxy/lane.ts';
import type { Harm, Store } from './soak-fault.ts';

/** What a soak's faults are done with. */
export interface Striking {
  readonly house: House;
  /** Told of every process that is ended on purpose, before it ends. */
  readonly onKill: (role: 'gateway' | 'worker', pid: number) => void;
}

/** Takes a fault back and resolves once it is over. */
export type Heal = () => Promise<unknown>;

const backWithinMs = 60_000;
const givenUpMs = 20_000;

/** Does the harm and returns what ends it. */
export async function strike(harm: Harm, { house, onKill }: Striking): Promise<Heal> {
  const { stack, proxy } = house;
  switch (harm.kind) {
    case 'warehouse-hang':
      return hanging(house, harm.query);
    case 'warehouse-slow':
      return burden(house, { ...matching(harm.query), latencyMs: harm.latencyMs });
    case 'warehouse-unavailable':
      return burden(house, { ...matching(harm.query), error: unavailable });
    case 'warehouse-quota':
      return burden(house, { ...matching(harm.query), error: quotaSpent });
    case 'warehouse-malformed':
      return burden(house, { http: { [harm.reply]: true } });
    case 'store-killed': {
      const server = stack.redis[harm.store];
      await server?.kill();
      return async () => server?.restart();
    }
    case 'store-frozen':
      stack.redis[harm.store]?.freeze();
      return async () => stack.redis[harm.store]?.thaw();
    case 'store-slow': {
      const slow = { latencyMs: harm.latencyMs };
      return troubled(house, lanesTo(harm.store), { up: slow, down: slow });
    }
    case 'store-cut':
      for (const lane of lanesTo(harm.store)) await proxy.ask('cut', lane);
      return nothing;
    case 'store-emptied':
      await house.store.ask('command', harm.store, 'FLUSHALL');
      return nothing;
    case 'keys-deleted':
      await deleteEntries(house);
      return nothing;
    case 'worker-killed': {
      const worker = stack.workers[harm.worker];
      onKill('worker', worker?.pid ?? 0);
      await worker?.kill();
      return () => restarted(house, harm.worker);
    }
    case 'worker-frozen':
      stack.workers[harm.worker]?.freeze();
      return async () => stack.workers[harm.worker]?.thaw();
    case 'gateway-killed':
      return killGateway(house, harm.process, onKill);
    case 'lane-silent':
      return troubled(house, [harm.lane], { up: { silent: true }, down: { silent: true } });
    case 'lane-refused': {
      const heal = await troubled(house, [harm.lane], { refuse: true });
      await proxy.ask('cut', harm.lane);
      return heal;
    }
    case 'switched':
      await turnSwitch(house, harm.query, harm.mode).catch(() => undefined);
      return () => until(() => turnSwitch(house, harm.query, 'normal'), { withinMs: backWithinMs });
    default:
      return harm satisfies never;
  }
}

const unavailable = { status: 503, reason: 'backendError' };
const quotaSpent = { status: 403, reason: 'quotaExceeded' };

function matching(query: string): Fault {
  return query === '*' ? {} : { match: { query } };
}

async function nothing(): Promise<void> {}

/** What hangs stays so when nothing hangs any more: the fault is over once those jobs are given up. */
async function hanging(house: House, query: string): Promise<Heal> {
  const heal = await burden(house, { ...matching(query), hang: true });
  return async () => {
    await heal();
    const endedAt = Date.now();
    const hangs = async () => {
      const jobs = await house.warehouse.ask('jobs');
      return jobs.some(
        ({ createdAt, endedAt: over, query: of }) =>
          over === undefined && createdAt < endedAt && !Object.hasOwn(harvestMsOf, of ?? ''),
      );
    };
    await until(async () => !(await hangs()), { withinMs: givenUpMs }).catch(() => undefined);
  };
}

async function burden({ stack }: House, fault: Fault): Promise<Heal> {
  await stack.faults([fault]);
  return () => stack.faults([]);
}

async function troubled(
  { proxy }: House,
  names: readonly LaneName[],
  trouble: Trouble,
): Promise<Heal> {
  for (const lane of names) await proxy.ask('suffer', lane, trouble);
  return async () => {
    for (const lane of names) await proxy.ask('suffer', lane, {});
  };
}

function lanesTo(store: Store): readonly LaneName[] {
  return [`gateway-${store}`, `worker-${store}`];
}

/** Half of what is stored goes: every second entry. */
async function deleteEntries({ store }: House): Promise<void> {
  // Of this store alone: the other may be frozen.
  const keys = (await store.ask('command', 'cache', 'KEYS', '*')) as readonly string[];
  const doomed = keys.filter((_, at) => at % 2 === 0);
  if (doomed.length > 0) await store.ask('command', 'cache', 'DEL', ...doomed);
}

async function restarted({ stack, watchProcesses }: House, worker: number): Promise<void> {
  await stack.workers[worker]?.restart();
  await watchProcesses();
}

async function killGateway(
  { processes }: House,
  number: number,
  onKill: Striking['onKill'],
): Promise<Heal> {
  const serving = await processes.ask('serving');
  const victim = serving[number % serving.length] ?? 0;
  onKill('gateway', victim);
  process.kill(victim, 'SIGKILL');
  return () =>
    until(
      async () => {
        const now = await processes.ask('serving');
        return now.length >= serving.length && !now.includes(victim);
      },
      { withinMs: backWithinMs },
    );
}

async function turnSwitch({ stack }: House, query: string, mode: string): Promise<boolean> {
  const response = await fetch(`${stack.addresses.admin}/admin/v1/queries/${query}/switch`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mode }),
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`switch ${query}: ${response.status}`);
  return true;
}
