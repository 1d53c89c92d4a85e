import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Aim, Volley } from './volley.ts';

const REPORT = fileURLToPath(new URL('report.lua', import.meta.url));

/** What `wrk` is called with: one thread, because it has one core. */
export function wrkArguments({ url, headers, connections, forSeconds }: Aim): string[] {
  const lines = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const amount = ['-t1', `-c${connections}`, `-d${forSeconds}s`, '--timeout', '10s'];
  return [...amount, ...lines, '-s', REPORT, url];
}

const report = z.object({
  seconds: z.number().positive(),
  replies: z.number(),
  bytes: z.number(),
  errors: z.number(),
  p50Ms: z.number(),
  p95Ms: z.number(),
  p99Ms: z.number(),
});

/** Reads the line that `report.lua` adds to what `wrk` prints; throws when it is not there. */
export function readWrk(output: string): Volley {
  const line = output.split('\n').findLast((one) => one.startsWith('{'));
  if (line === undefined) throw new Error(`wrk told nothing: ${output.slice(-300)}`);
  const { seconds, ...counted } = report.parse(JSON.parse(line));
  return { ...counted, perSecond: counted.replies / seconds };
}
