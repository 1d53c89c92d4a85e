import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Place, runCommand } from './run-command.ts';
import type { Aim, Volley } from './volley.ts';

/** When a run of `ab` is over: after so many seconds, or so many requests, each over a connection of its own or kept ones. */
export type AbLimit =
  | { readonly seconds: number }
  | { readonly requests: number; readonly keepAlive: boolean };

/** It reserves memory for every request that it may send, so there must be a bound. */
const MOST_REQUESTS = 2_000_000;

/** Runs `ab`, over keep-alive connections unless the limit says otherwise; its percentiles come from the file that it writes, in more than whole milliseconds. */
export async function runAb(
  program: string,
  aim: Omit<Aim, 'forSeconds'>,
  limit: AbLimit,
  place: Place,
): Promise<Volley> {
  const folder = await mkdtemp(join(tmpdir(), 'punctual-bench-ab-'));
  const percentiles = join(folder, 'percentiles.csv');
  try {
    const output = await runCommand(program, abArguments(aim, limit, percentiles), place);
    return readAb(output, await readFile(percentiles, 'utf8'), aim.status);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function abArguments(
  { url, headers, connections }: Omit<Aim, 'forSeconds'>,
  limit: AbLimit,
  percentiles: string,
): string[] {
  const lines = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  // A time sets a number of requests, too: ours must come after it.
  const amount =
    'seconds' in limit
      ? ['-t', String(limit.seconds), '-n', String(MOST_REQUESTS)]
      : ['-n', String(limit.requests)];
  // With -l a reply may be longer than the first: ages and durations are.
  const reuse = 'keepAlive' in limit && !limit.keepAlive ? [] : ['-k'];
  return [
    '-q',
    ...reuse,
    '-l',
    '-c',
    String(connections),
    ...amount,
    ...lines,
    '-e',
    percentiles,
    url,
  ];
}

/** Reads what `ab` prints and its file of percentiles; throws when a number is missing. */
export function readAb(output: string, percentiles: string, status: Aim['status']): Volley {
  const number = (what: string): number | undefined => {
    const found = new RegExp(`^${what}: +([\\d.]+)`, 'm').exec(output)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const known = (what: string): number => {
    const found = number(what);
    if (found === undefined) throw new Error(`ab told no "${what}": ${output.slice(-300)}`);
    return found;
  };
  const percentile = (share: number): number => {
    const found = new RegExp(`^${share},([\\d.]+)`, 'm').exec(percentiles)?.[1];
    if (found === undefined) throw new Error(`ab told no percentile ${share}`);
    return Number(found);
  };
  const replies = known('Complete requests');
  const others = number('Non-2xx responses') ?? 0;
  return {
    perSecond: known('Requests per second'),
    p50Ms: percentile(50),
    p95Ms: percentile(95),
    p99Ms: percentile(99),
    replies,
    bytes: known('Total transferred'),
    errors: known('Failed requests') + (status === 200 ? others : replies - others),
  };
}
