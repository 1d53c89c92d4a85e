import type { Chaos } from '../row.ts';

/** The sum of a metric over all gateway processes and all its labels that this text is part of. */
export async function readMetric({ stack }: Chaos, name: string, label = ''): Promise<number> {
  const response = await fetch(`${stack.addresses.admin}/metrics`);
  const lines = (await response.text()).split('\n');
  return lines
    .filter((line) => line.startsWith(`${name}{`) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
