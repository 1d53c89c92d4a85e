import { canonical, type Parameters } from '../../shared/fingerprint.ts';
import { flightJobSchema } from '../../shared/queue/flight-job.ts';
import { UsageError } from '../command.ts';
import type { Sides } from './sides.ts';

/** The sets of parameters to ask with: those that are given, else those of late, else the defaults; each once, `most` of them. */
export function parameterSets(
  sides: Sides,
  given: readonly string[],
  recent: readonly Parameters[],
  most: number,
): readonly Parameters[] {
  const sets = given.length > 0 ? given.map((text) => readSet(text, sides)) : recent;
  const asked = sets.length > 0 ? sets : [defaults(sides)];
  return [...new Map(asked.map((set) => [canonical(set), set])).values()].slice(0, most);
}

function readSet(text: string, { old, next }: Sides): Parameters {
  const set = flightJobSchema.shape.parameters.safeParse(parsedJson(text));
  if (!set.success)
    throw new UsageError(`--parameters: expected JSON such as {"limit":4}, got ${text}`);
  const types = { ...old.query.parameterTypes, ...next.query.parameterTypes };
  const unknown = Object.keys(set.data).filter((name) => !Object.hasOwn(types, name));
  if (unknown.length === 0) return set.data;
  throw new UsageError(`--parameters: neither version takes ${unknown.join(', ')}`);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function defaults({ next }: Sides): Parameters {
  try {
    return next.parametersFor({});
  } catch {
    throw new UsageError(
      "The query was not asked of late, and has no defaults: say --parameters='{…}'.",
    );
  }
}
