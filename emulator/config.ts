import { statSync } from 'node:fs';

/** Everything that the emulator can be told. */
export interface EmulatorConfig {
  /** 0 is any free port. */
  readonly port: number;
  readonly host: string;
  /** Size of the generated dataset; 0 leaves it out. */
  readonly scale: number;
  readonly seed: number;
  /** Folder of Parquet and CSV files to mount. */
  readonly mountDir?: string;
  /** Folder that generated data is kept in. */
  readonly dataDir: string;
  /** The generated dataset's last day, an ISO date in UTC. */
  readonly today: string;
  readonly logLevel: string;
}

export type ConfigReading =
  | { readonly ok: true; readonly config: EmulatorConfig }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the EMULATOR_* settings, DATA_DIR and LOG_LEVEL; names every problem at once. */
export function readEmulatorConfig(
  env: Readonly<Record<string, string | undefined>>,
): ConfigReading {
  const problems: string[] = [];
  const read = <T>(name: string, fallback: T, expected: string, parse: Parse<T>): T => {
    const text = env[name];
    if (text === undefined || text === '') return fallback;
    const value = parse(text);
    if (value !== undefined) return value;
    problems.push(`${name}: expected ${expected}, got ${JSON.stringify(text)}`);
    return fallback;
  };
  const mountDir = read<string | undefined>(
    'EMULATOR_DATA_DIR',
    undefined,
    'an existing folder',
    existingFolder,
  );
  const config: EmulatorConfig = {
    port: read('EMULATOR_PORT', 9050, 'a port, 0 to 65535', wholeUpTo(65_535)),
    host: read('EMULATOR_HOST', '127.0.0.1', 'an address', (text) => text),
    scale: read('EMULATOR_SCALE', 1, 'a number from 0 to 100', numberUpTo(100)),
    seed: read('EMULATOR_SEED', 1, 'a whole number, 0 to 2147483647', wholeUpTo(2_147_483_647)),
    dataDir: read('DATA_DIR', '.data', 'a folder', (text) => text),
    today: read('EMULATOR_TODAY', isoDate(new Date()), 'a date, YYYY-MM-DD', existingDate),
    logLevel: read('LOG_LEVEL', 'info', `one of ${logLevels.join(', ')}`, knownLevel),
    ...(mountDir !== undefined && { mountDir }),
  };
  return problems.length === 0
    ? { ok: true, config: Object.freeze(config) }
    : { ok: false, problems };
}

type Parse<T> = (text: string) => T | undefined;

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

function knownLevel(text: string): string | undefined {
  return logLevels.find((level) => level === text.toLowerCase());
}

function wholeUpTo(max: number): Parse<number> {
  return (text) => (/^\d{1,10}$/.test(text) && Number(text) <= max ? Number(text) : undefined);
}

function numberUpTo(max: number): Parse<number> {
  return (text) => (/^\d+(\.\d+)?$/.test(text) && Number(text) <= max ? Number(text) : undefined);
}

function existingFolder(text: string): string | undefined {
  return statSync(text, { throwIfNoEntry: false })?.isDirectory() ? text : undefined;
}

function existingDate(text: string): string | undefined {
  const date = new Date(`${text}T00:00:00Z`);
  const isReal = !Number.isNaN(date.getTime()) && isoDate(date) === text;
  return isReal ? text : undefined;
}

function isoDate(date: Date): string {
  return date.toISOString().slice(0, 10);
}
