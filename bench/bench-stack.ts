import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Stack, startStack } from '../stack/start-stack.ts';
import type { Setting } from './scenario.ts';

const repository = fileURLToPath(new URL('../', import.meta.url));

/** Where generated datasets are kept between runs. */
export const datasetFolder = join(repository, '.data');

const benchCatalog = join(repository, 'bench', 'catalog');

/** A running Punctual whose warehouse is the emulator, with its addresses. */
export interface BenchStack extends AsyncDisposable {
  readonly gateway: string;
  readonly emulator: string;
  readonly stack: Stack;
}

/** As many gateway processes as a start without settings has: an empty setting takes its default. */
export const usualProcesses: NodeJS.ProcessEnv = { GATEWAY_PROCESSES: '' };

/**
 * Starts a Punctual with one gateway process and one worker on free ports, unless `settings` say otherwise; disposing stops
 * it and removes its data.
 */
export async function startBenchStack(
  setting: Setting,
  settings: NodeJS.ProcessEnv = {},
): Promise<BenchStack> {
  await using cleanup = new AsyncDisposableStack();
  const dataFolder = await mkdtemp(join(tmpdir(), 'punctual-bench-'));
  cleanup.defer(() => rm(dataFolder, { recursive: true, force: true }));
  const { signal, say } = setting;
  const stack = cleanup.use(
    await startStack({
      env: {
        ...benchEnv(setting),
        ...settings,
        DATA_DIR: dataFolder,
        CATALOG_DIR: benchCatalog,
      },
      datasetFolder,
      signal,
      say,
      warn: say,
    }),
  );
  const { gateway, emulator } = stack.addresses;
  if (emulator === undefined) throw new Error('the stack has no emulator');
  const owned = cleanup.move();
  return { gateway, emulator, stack, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** The settings of a bench: production's defaults, but one gateway process, free ports, and nothing of the caller's own. */
export function benchEnv({ quick }: Pick<Setting, 'quick'>): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    PORT: '0',
    ADMIN_PORT: '0',
    EMULATOR_PORT: '0',
    GATEWAY_PROCESSES: '1',
    WORKERS: '1',
    WARM: 'off',
    EMULATOR_SCALE: quick ? '0.01' : '1',
  };
}
