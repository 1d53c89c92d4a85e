import { z } from 'zod';
import type { Chaos } from './row.ts';

const ruleList = z.array(z.object({ struck: z.int() }));

/** How often each of the warehouse's faults has struck, in the order in which they were set; one of no latency counts calls. */
export async function struck({ stack }: Pick<Chaos, 'stack'>): Promise<readonly number[]> {
  const response = await fetch(`${stack.addresses.emulator}/emulator/faults`);
  return ruleList.parse(await response.json()).map((rule) => rule.struck);
}
