import type { Redis } from 'ioredis';
import { z } from 'zod';
import { bounded } from '../bounded.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { QUEUE_COMMAND_MS } from '../redis/connect.ts';
import { WARMING_KEY } from '../redis/keys.ts';

const warmableSchema = z.object({
  everyMs: z.number(),
  /** So many sets are declared. */
  declared: z.number(),
  from: z.string().optional(),
  learned: z.number(),
});

/** What of a query is warmed, as the workers tell those who ask for reports. */
export type Warmable = z.output<typeof warmableSchema>;

const KEPT_MS = 30 * 86_400_000;

/** Tells which queries of the catalog can be warmed, beside what workers with other catalogs have told or in place of it. */
export async function tellWarmable(
  redis: Redis,
  { queries }: Catalog,
  { inPlaceOfAll }: { readonly inPlaceOfAll: boolean },
): Promise<void> {
  const told = [...queries.values()].flatMap(({ name, warm }) => {
    if (!warm) return [];
    const { everyMs, sets, from, learned } = warm;
    const what: Warmable = { everyMs, declared: sets.length, from: from?.query, learned };
    return [[name, JSON.stringify(what)] as const];
  });
  const telling = redis.multi();
  if (inPlaceOfAll) telling.del(WARMING_KEY);
  if (told.length > 0) telling.hset(WARMING_KEY, new Map(told)).pexpire(WARMING_KEY, KEPT_MS);
  await bounded(telling.exec(), QUEUE_COMMAND_MS, 'telling what can be warmed');
}

/** The queries that can be warmed, by name; none before the first worker has started. */
export async function readWarmable(redis: Redis): Promise<ReadonlyMap<string, Warmable>> {
  const reading = redis.hgetall(WARMING_KEY);
  const told = Object.entries(await bounded(reading, QUEUE_COMMAND_MS, 'what can be warmed'));
  return new Map(
    told.flatMap(([name, text]) => {
      const what = warmableIn(text);
      return what ? [[name, what] as const] : [];
    }),
  );
}

function warmableIn(text: string): Warmable | undefined {
  try {
    return warmableSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
