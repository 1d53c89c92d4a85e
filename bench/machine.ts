import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** What the numbers depend on beside the code. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** The operating system, its kernel's version and the processor's architecture. */
  readonly platform: string;
  readonly node: string;
  /** How the kernel chooses the first core's frequency, such as `performance`; left out where it does not say. */
  readonly governor?: string;
}

/** Which code was measured; `changed` says that the work tree differed from the commit. */
export interface Code {
  readonly commit: string;
  readonly changed: boolean;
}

const repository = fileURLToPath(new URL('../', import.meta.url));
const GOVERNOR = '/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor';

/** The machine that this process runs on. */
export function thisMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform} ${release()} ${process.arch}`,
    node: process.version,
    ...governorNow(),
  };
}

/** Virtual machines and other systems than Linux have no such file. */
function governorNow(): Pick<Machine, 'governor'> {
  try {
    return { governor: readFileSync(GOVERNOR, 'utf8').trim() };
  } catch {
    return {};
  }
}

/** Processes that wanted to run, averaged over the last minute: on a busy machine the numbers mean less. */
export function loadNow(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100;
}

/** What measuring itself writes is no change of the code. */
const MEASURED = [':(exclude)docs/reliability.*', ':(exclude)bench/results'];

/** The commit that is checked out; `unknown` where there is no git repository. */
export async function thisCode(): Promise<Code> {
  const git = async (...args: string[]) => {
    const { stdout } = await promisify(execFile)('git', args, { cwd: repository });
    return stdout.trim();
  };
  try {
    const commit = await git('rev-parse', '--short=10', 'HEAD');
    return { commit, changed: (await git('status', '--porcelain', '--', '.', ...MEASURED)) !== '' };
  } catch {
    return { commit: 'unknown', changed: false };
  }
}
