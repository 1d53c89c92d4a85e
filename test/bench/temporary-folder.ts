import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of the test's own; disposing removes it. */
export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
  /** Writes a file into it as JSON; returns its path. */
  write(name: string, value: unknown): Promise<string>;
}

/** Makes an empty folder. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'punctual-test-bench-'));
  return {
    path,
    async write(name, value) {
      const file = join(path, name);
      await writeFile(file, JSON.stringify(value));
      return file;
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
