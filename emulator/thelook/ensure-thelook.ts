import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { generateThelook } from './generate-thelook.ts';

/** Moves on whenever the same seed and scale would make other rows: the SQL or DuckDB's hash() has changed. */
const FORMAT = 2;

const UNFINISHED_PREFIX = '.thelook-unfinished-';
const UNFINISHED_MAX_AGE_MS = 60 * 60 * 1000;

/**
 * Makes the generated dataset's files once per format, seed and scale and names their folder. They are written
 * aside and renamed when whole: a killed start leaves nothing that looks finished, and of two processes at once one wins.
 */
export async function ensureThelook(o: {
  dataDir: string;
  scale: number;
  seed: number;
  report: (line: string) => void;
}): Promise<{ directory: string }> {
  const directory = join(o.dataDir, `thelook-v${FORMAT}-seed${o.seed}-scale${o.scale}`);
  if (await exists(directory)) return { directory };
  await mkdir(o.dataDir, { recursive: true });
  await removeAbandoned(o.dataDir);
  const unfinished = await mkdtemp(join(o.dataDir, UNFINISHED_PREFIX));
  try {
    await generateThelook({ ...o, directory: unfinished });
    await finish(unfinished, directory);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return { directory };
}

async function finish(unfinished: string, directory: string): Promise<void> {
  // mkdtemp makes folders for their owner alone.
  await chmod(unfinished, 0o755);
  try {
    await rename(unfinished, directory);
  } catch (error) {
    // Another process has finished the same files first: its rows are ours.
    if (!(await exists(directory))) throw error;
  }
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

async function removeAbandoned(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir)) {
    if (!name.startsWith(UNFINISHED_PREFIX)) continue;
    const path = join(dataDir, name);
    const modifiedMs = await stat(path).then(
      (found) => found.mtimeMs,
      () => Infinity,
    );
    if (Date.now() - modifiedMs > UNFINISHED_MAX_AGE_MS) {
      await rm(path, { recursive: true, force: true });
    }
  }
}
