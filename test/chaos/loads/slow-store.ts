import type { LaneName } from '../house.ts';
import type { Weather } from '../proxy/pipe.ts';
import type { Chaos, Figures } from '../row.ts';
import { countBy, outcomes, shareMs, slowestMs } from '../tally.ts';
import { mixedQuestions, newQuestions, standing } from './mixed.ts';
import type { StoreName } from './without-store.ts';

const weathers: Readonly<Record<string, Weather>> = {
  plus50: { latencyMs: 50 },
  plus300: { latencyMs: 300 },
  narrow: { bytesPerSecond: 64 * 1024 },
};
/** As long as an entry is waited for, and something for the rest. */
const mostAddedMs = 250;

/** Slows every connection to a store down in three ways, one after another, under a mixed load. */
export async function slowStore(chaos: Chaos, store: StoreName): Promise<Figures> {
  const lanes: readonly LaneName[] = [`gateway-${store}`, `worker-${store}`];
  const arrival = { kind: 'rate', perSecond: 20, forMs: 4_000 } as const;
  const figures: Record<string, number | string> = {};
  const { known } = mixedQuestions(chaos.run);
  await chaos.seed(known);
  const warm = await chaos.fire({ questions: known, arrival: { ...arrival, perSecond: 40 } });
  const baselineMs = shareMs(standing(warm, 'fresh'), 0.99);
  for (const [name, weather] of Object.entries(weathers)) {
    const questions = [...known, ...newQuestions(`${chaos.run}-${name}`)];
    for (const lane of lanes) await chaos.trouble(lane, { up: weather, down: weather });
    const exchanges = await chaos.fire({ questions, arrival });
    for (const lane of lanes) await chaos.trouble(lane, {});
    await chaos.recovery();
    const fresh = standing(exchanges, 'fresh');
    const stale = standing(exchanges, 'stale');
    const backed = standing(exchanges, 'backed');
    const addedMs = shareMs(fresh, 0.99) - baselineMs;
    const slackMs = chaos.isStrict ? 0 : 2_500;
    chaos.claim(
      `${name}: known answers take ${mostAddedMs} ms more`,
      addedMs <= mostAddedMs + slackMs,
      addedMs,
    );
    chaos.claim(
      `${name}: what is fresh stays fresh`,
      countBy(fresh, 'fresh') === fresh.length,
      outcomes(fresh),
    );
    const served = countBy(stale, 'stale', 'live', 'fresh');
    chaos.claim(`${name}: what is stale is served`, served === stale.length, outcomes(stale));
    const given = countBy(backed, 'live', 'fallback', 'fresh');
    chaos.claim(`${name}: who has a fallback gets rows`, given === backed.length, outcomes(backed));
    const softMs = 2_500 + slackMs;
    chaos.claim(`${name}: within ${softMs} ms`, slowestMs(stale) <= softMs, slowestMs(stale));
    figures[`${name} added to p99 of known, ms`] = addedMs;
    figures[`${name} answers`] = outcomes(exchanges);
    figures[`${name} slowestMs`] = slowestMs(exchanges);
  }
  return { ...figures, baselineP99Ms: baselineMs };
}
