import { fileURLToPath } from 'node:url';
import type { EnvFor } from '../../stack/roles.ts';
import { type TestStack, withStack } from '../with-stack.ts';
import { type Apart, startApart } from './apart/start-apart.ts';
import type { ClientAnswers } from './judges/client/main.ts';
import type { ProcessAnswers } from './judges/process/main.ts';
import type { StoreAnswers } from './judges/store/main.ts';
import type { WarehouseAnswers } from './judges/warehouse/main.ts';
import { type ChaosProxy, startProxy } from './proxy/start-proxy.ts';

/** What a row may want of its stack. */
export interface HouseOptions {
  readonly workers?: number;
  readonly gatewayProcesses?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Settings of one role alone. */
  readonly roleEnv?: RoleEnv;
}

type RoleEnv = Readonly<Partial<Record<'gateway' | 'worker', Readonly<Record<string, string>>>>>;

/** The lanes of the proxy: who looks at what through them. */
export const lanes = [
  'gateway-queue',
  'gateway-cache',
  'worker-queue',
  'worker-cache',
  'worker-warehouse',
] as const;

/** One of {@link lanes}. */
export type LaneName = (typeof lanes)[number];

/** A stack whose every connection runs through the proxy, and the judges around it, each a process of its own. */
export interface House extends AsyncDisposable {
  readonly options: HouseOptions;
  readonly stack: TestStack;
  readonly proxy: ChaosProxy;
  readonly client: Apart<ClientAnswers>;
  readonly warehouse: Apart<WarehouseAnswers>;
  readonly store: Apart<StoreAnswers>;
  readonly processes: Apart<ProcessAnswers>;
  /** Tells the process judge who is there now. */
  readonly watchProcesses: () => Promise<void>;
}

const catalogDir = fileURLToPath(new URL('./catalog', import.meta.url));

/** A connection to Redis by the first command that tells what it is for. */
const redisLabels = {
  subscriber: '\\r\\np?subscribe\\r\\n',
  blocking: '\\r\\nbzpopmin\\r\\n|\\r\\nxread\\r\\n',
};

/** Starts a stack over the chaos catalog with its proxy and its judges. */
export async function startHouse(options: HouseOptions = {}): Promise<House> {
  await using started = new AsyncDisposableStack();
  const proxy = started.use(await startProxy());
  const stack = started.use(
    await withStack({
      scale: 0,
      catalogDir,
      workers: options.workers ?? 2,
      env: {
        GATEWAY_PROCESSES: String(options.gatewayProcesses ?? 2),
        WORKER_THREADS: '1',
        // The judge compares what the warehouse writes into its rows with the clock on the wall.
        EMULATOR_TODAY: '',
        ...options.env,
      },
      envFor: throughProxy(proxy, options.roleEnv ?? {}),
    }),
  );
  const judge = (name: string) => new URL(`./judges/${name}/main.ts`, import.meta.url);
  const client = started.use(await startApart<ClientAnswers>(judge('client')));
  const warehouse = started.use(await startApart<WarehouseAnswers>(judge('warehouse')));
  const store = started.use(await startApart<StoreAnswers>(judge('store')));
  const processes = started.use(await startApart<ProcessAnswers>(judge('process')));
  await warehouse.ask('watch', stack.addresses.emulator ?? '');
  await store.ask('watch', { queue: stack.redis.queueUrl, cache: stack.redis.cacheUrl });
  const watchProcesses = () =>
    processes.ask('watch', {
      supervisor: stack.gateway.pid,
      workers: stack.workers.map(({ pid }) => pid),
      logs: `${stack.dataFolder}/logs`,
    });
  await watchProcesses();
  const kept = started.move();
  return {
    options,
    stack,
    proxy,
    client,
    warehouse,
    store,
    processes,
    watchProcesses,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Opens the lanes of a role when the stack tells what it needs, and gives it their ports instead. */
function throughProxy(proxy: ChaosProxy, roleEnv: RoleEnv): EnvFor {
  const lane = async (name: LaneName, url: string, labels: Readonly<Record<string, string>>) => {
    const port = await proxy.ask('open', name, labels);
    await proxy.ask('aim', name, new URL(url).host);
    return `127.0.0.1:${port}`;
  };
  return async (role, { queueUrl, cacheUrl, emulator }) => {
    const queue = await lane(`${role}-queue`, queueUrl, redisLabels);
    const cache = await lane(`${role}-cache`, cacheUrl, redisLabels);
    const stores = {
      ...roleEnv[role],
      REDIS_QUEUE_URL: `redis://${queue}`,
      REDIS_CACHE_URL: `redis://${cache}`,
    };
    if (role === 'gateway' || emulator === undefined) return stores;
    return { ...stores, BIGQUERY_EMULATOR_HOST: await lane('worker-warehouse', emulator, {}) };
  };
}
