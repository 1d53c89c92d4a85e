import type { Query } from '../../shared/catalog/catalog.ts';
import type { Parameters } from '../../shared/fingerprint.ts';
import { isWorthWarming } from './is-worth-warming.ts';
import type { WarmingContext } from './warming-context.ts';

/** Beside a set that is worth it there may be several that are not, or that the query does not take any more. */
const LOOKED_AT_PER_LEARNED = 2;

/** The sets in demand that are worth warming, most asked for first: asked for by different callers, and often enough. Never rejects. */
export async function learnedSets(
  { worker, demand, events }: Pick<WarmingContext, 'worker' | 'demand' | 'events'>,
  { name, parameters, warm }: Query,
): Promise<readonly Parameters[]> {
  const { config, clock } = worker;
  if (!warm || warm.learned === 0 || !config.warm.isOn) return [];
  try {
    const most = LOOKED_AT_PER_LEARNED * warm.learned;
    const { sets, usualRunMs } = await demand.read(name, most, clock.now());
    if (usualRunMs === undefined) return [];
    return sets
      .filter(({ callers }) => callers >= config.warm.leastCallers)
      .filter(({ asksPerMs }) =>
        isWorthWarming({ readsPerRun: asksPerMs * warm.everyMs, usualRunMs }),
      )
      .flatMap((set) => {
        const { data } = parameters.safeParse(set.parameters);
        return data === undefined ? [] : [data as Parameters];
      });
  } catch (error) {
    events.listFailed(name, String(error));
    return [];
  }
}
