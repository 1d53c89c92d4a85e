import { closeSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { OutputStream } from './child.ts';

/** Takes one line of a child's output. */
export type LineSink = (stream: OutputStream, line: string) => void;

/** A child's log on disk. */
export interface LogFile {
  readonly path: string;
  readonly write: LineSink;
  close(): void;
}

const standardMaxBytes = 32 * 1024 * 1024;

/** Opens `<directory>/<name>.log` empty; when it is full it becomes `<name>.1.log` and a new one begins. */
export function openLogFile(directory: string, name: string, maxBytes = standardMaxBytes): LogFile {
  mkdirSync(directory, { recursive: true });
  const path = join(directory, `${name}.log`);
  let file: number | undefined = openSync(path, 'w');
  let bytes = 0;
  return {
    path,
    write: (_stream, line) => {
      if (file === undefined) return;
      bytes += writeSync(file, `${line}\n`);
      if (bytes < maxBytes) return;
      closeSync(file);
      renameSync(path, join(directory, `${name}.1.log`));
      file = openSync(path, 'w');
      bytes = 0;
    },
    close: () => {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
