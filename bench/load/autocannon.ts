import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Aim, Volley } from './volley.ts';

/** What Node is called with to run autocannon. */
export function autocannonArguments({ url, headers, connections, forSeconds }: Aim): string[] {
  const program = fileURLToPath(import.meta.resolve('autocannon'));
  const lines = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
  const amount = ['-c', String(connections), '-d', String(forSeconds)];
  return [program, '--json', '--no-progress', ...amount, ...lines, url];
}

const report = z.object({
  duration: z.number().positive(),
  latency: z.object({ p50: z.number(), p97_5: z.number(), p99: z.number() }),
  requests: z.object({ total: z.number() }),
  throughput: z.object({ total: z.number() }),
  errors: z.number(),
  timeouts: z.number(),
  non2xx: z.number(),
});

/** Reads autocannon's JSON; its latencies are whole milliseconds, and its p97.5 stands for the p95 that it does not tell. */
export function readAutocannon(output: string, status: Aim['status']): Volley {
  const line = output.split('\n').findLast((one) => one.startsWith('{'));
  if (line === undefined) throw new Error(`autocannon told nothing: ${output.slice(-300)}`);
  const told = report.parse(JSON.parse(line));
  const replies = told.requests.total;
  return {
    perSecond: replies / told.duration,
    p50Ms: told.latency.p50,
    p95Ms: told.latency.p97_5,
    p99Ms: told.latency.p99,
    replies,
    bytes: told.throughput.total,
    errors: told.errors + told.timeouts + (status === 200 ? told.non2xx : replies - told.non2xx),
  };
}
