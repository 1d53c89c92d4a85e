import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { findTool } from './load/find-tool.ts';

/** The version of everything that a number can depend on beside the code, by name; what is not installed is left out. */
export type Versions = Readonly<Record<string, string>>;

const PACKAGES = [
  '@google-cloud/bigquery',
  'async-cache-dedupe',
  'autocannon',
  'bentocache',
  'express',
  'fastify',
  'ioredis',
];

/** Programs, and the argument that makes each of them name its version. */
const PROGRAMS: Readonly<Record<string, string>> = {
  ab: '-V',
  nginx: '-v',
  'redis-server': '--version',
  'valkey-server': '--version',
  varnishd: '-V',
  wrk: '-v',
};

const ANSWER_WITHIN_MS = 5_000;

/** The versions of the peers, the stores and the load generators on this machine. */
export async function versionsHere(): Promise<Versions> {
  const found = await Promise.all([
    ...PACKAGES.map(async (name) => [name, await packageVersion(name)] as const),
    ...Object.entries(PROGRAMS).map(
      async ([name, flag]) => [name, await programVersion(name, flag)] as const,
    ),
  ]);
  return Object.fromEntries(
    found.flatMap(([name, version]) => (version === undefined ? [] : [[name, version]])),
  );
}

const manifest = z.object({ version: z.string() });

/** Read as a file, because many packages do not export their manifest. */
async function packageVersion(name: string): Promise<string | undefined> {
  const path = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : manifest.parse(JSON.parse(text)).version;
}

async function programVersion(name: string, flag: string): Promise<string | undefined> {
  const program = await findTool(name);
  if (program === undefined) return undefined;
  return new Promise((resolve) => {
    // Not every program thinks that telling its version is a success.
    execFile(program, [flag], { timeout: ANSWER_WITHIN_MS }, (_error, stdout, stderr) =>
      resolve(/\d+(?:\.\d+)+/.exec(`${stdout} ${stderr}`)?.[0]),
    );
  });
}
