import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top folders that hold code. */
export const ROOMS = [
  'gateway',
  'workers',
  'shared',
  'emulator',
  'stack',
  'cli',
  'bench',
  'examples',
  'test',
] as const;

/** One of {@link ROOMS}. */
export type Room = (typeof ROOMS)[number];

/** A TypeScript file of the repository. */
export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Every TypeScript file of every room. */
export async function sourceFiles(): Promise<readonly SourceFile[]> {
  const rooms = await Promise.all(ROOMS.map((room) => filesBelow(join(root, room))));
  return Promise.all(
    rooms.flat().map(async (file) => ({
      path: relative(root, file).split(sep).join('/'),
      text: await readFile(file, 'utf8'),
    })),
  );
}

/** A text file of the repository, by its path from the root. */
export function readText(path: string): Promise<string> {
  return readFile(join(root, path), 'utf8');
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}
