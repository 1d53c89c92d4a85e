import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Answer, getFrom } from './get.ts';
import { type EnvFor, ownEntries, type RoleEntries } from '../stack/roles.ts';
import { type Stack, startStack } from '../stack/start-stack.ts';
import { leftovers } from './leftovers.ts';

/** What a test wants of its stack; everything else is small, private and on free ports. */
export interface WithStackOptions {
  /** Size of the generated dataset; 0 for none. */
  readonly scale?: number;
  readonly workers?: number;
  /** Settings beside those of the stack itself. */
  readonly env?: Readonly<Record<string, string>>;
  readonly catalogDir?: string;
  /** A folder of Parquet or CSV files to serve as tables. */
  readonly emulatorDataDir?: string;
  readonly restartCrashed?: boolean;
  readonly entries?: RoleEntries;
  readonly envFor?: EnvFor;
  /** Told the stack's data folder before anything is started. */
  readonly onFolder?: (path: string) => void;
}

/** A fault of the emulator, as its own route takes it. */
export type Fault = Readonly<Record<string, unknown>>;

/** One line of the emulator's job list; the fields are those of its own route. */
export interface EmulatorJob {
  readonly jobId: string;
  readonly query?: string;
  readonly state: string;
  readonly cancelled?: boolean;
}

/** A running Punctual of a test's own, with short ways to ask it and to hurt it. */
export interface TestStack extends Stack {
  /** The folder of this stack's Redis data and logs. */
  readonly dataFolder: string;
  /** GET from the gateway. */
  get(path: string, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Sets the emulator's faults; an empty list heals it. */
  faults(list: readonly Fault[]): Promise<void>;
  /** What the emulator was asked to run, oldest first. */
  jobs(): Promise<readonly EmulatorJob[]>;
  forgetJobs(): Promise<void>;
  /** The log of a process so far: `gateway`, `worker`, `emulator`, `redis-queue`, `redis-cache`. */
  log(name: string): Promise<string>;
}

const repository = fileURLToPath(new URL('../', import.meta.url));

/** Starts a whole stack for one test; disposing stops it, removes its data, and throws if a process is left. */
export async function withStack(options: WithStackOptions = {}): Promise<TestStack> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'punctual-test-'));
  options.onFolder?.(dataFolder);
  const removeData = () => rm(dataFolder, { recursive: true, force: true });
  try {
    const stack = await startStack({
      env: testEnv(options, dataFolder),
      datasetFolder: join(repository, '.data'),
      restartCrashed: options.restartCrashed ?? false,
      entries: options.entries ?? ownEntries,
      ...(options.envFor === undefined ? {} : { envFor: options.envFor }),
    });
    return {
      ...stack,
      dataFolder,
      ...shortcuts(stack, dataFolder),
      ...disposal(stack, dataFolder, removeData),
    };
  } catch (error) {
    await removeData();
    throw error;
  }
}

/** The settings of the machine must not leak into a test, hence a list of what may. */
function testEnv(options: WithStackOptions, dataFolder: string): NodeJS.ProcessEnv {
  const { scale = 0.01, workers = 1, catalogDir, emulatorDataDir } = options;
  return {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    PORT: '0',
    ADMIN_PORT: '0',
    EMULATOR_PORT: '0',
    GATEWAY_PROCESSES: '1',
    WARM: 'off',
    EMULATOR_SCALE: String(scale),
    EMULATOR_TODAY: '2026-11-20',
    WORKERS: String(workers),
    DATA_DIR: dataFolder,
    NODE_COMPILE_CACHE: join(repository, '.data', 'compile-cache'),
    PUNCTUAL_TEST_STACK: dataFolder,
    ...(catalogDir === undefined ? {} : { CATALOG_DIR: catalogDir }),
    ...(emulatorDataDir === undefined ? {} : { EMULATOR_DATA_DIR: emulatorDataDir }),
    ...options.env,
  };
}

function shortcuts(stack: Stack, dataFolder: string) {
  const { gateway, emulator } = stack.addresses;
  return {
    get: (path: string, headers?: Readonly<Record<string, string>>) =>
      getFrom(`${gateway}${path}`, headers),
    faults: async (list: readonly Fault[]) => {
      const response = await fetch(`${emulator}/emulator/faults`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(list),
      });
      if (!response.ok) throw new Error(`faults refused: ${await response.text()}`);
    },
    jobs: async () => {
      const answer = await getFrom(`${emulator}/emulator/jobs`);
      return answer.body as readonly EmulatorJob[];
    },
    forgetJobs: async () => {
      await fetch(`${emulator}/emulator/jobs`, { method: 'DELETE' });
    },
    log: (name: string) => readFile(join(dataFolder, 'logs', `${name}.log`), 'utf8'),
  };
}

function disposal(stack: Stack, dataFolder: string, removeData: () => Promise<void>) {
  const stop = async () => {
    await stack.stop();
    const left = await leftovers(dataFolder);
    await removeData();
    if (left.length > 0) throw new Error(`processes left by the stack: ${left.join(', ')}`);
  };
  return { stop, [Symbol.asyncDispose]: stop };
}
