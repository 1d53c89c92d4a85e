import { lanes } from '../house.ts';
import { chanceOf, type Chance } from './random.ts';
import { type Harm, type HarmKind, placeOf } from './soak-fault.ts';

/** A fault with its time; milliseconds after its bout has begun. */
export interface Blow {
  readonly number: number;
  readonly harm: Harm;
  readonly atMs: number;
  /** How long it lasts; 0 for what happens in an instant. */
  readonly forMs: number;
}

/** One or two faults that overlap, and the quiet after them in which everything has to be well again. */
export interface Bout {
  readonly blows: readonly Blow[];
  readonly quietMs: number;
}

const longestMs = 12_000;

/** The faults of a seed, without an end: every kind once, in some order, then every kind again. */
export function* scheduleOf(seed: number): Generator<Bout> {
  const chance = chanceOf(seed);
  let deck: HarmKind[] = [];
  let number = 0;
  const deal = (): Harm => {
    if (deck.length === 0) deck = chance.shuffled(kinds);
    return harmOf(deck.pop() ?? 'store-cut', chance);
  };
  for (;;) {
    const first: Blow = blowOf(deal(), 0, ++number, chance);
    const second = chance.share() < 0.5 ? deal() : undefined;
    const blows = [first];
    if (second !== undefined && placeOf(second) !== placeOf(first.harm))
      blows.push(blowOf(second, chance.between(0, first.forMs), ++number, chance));
    yield { blows, quietMs: chance.between(6_000, 9_000) };
  }
}

function blowOf(harm: Harm, atMs: number, number: number, chance: Chance): Blow {
  const forMs = isInstant(harm) ? 0 : chance.between(1_000, longestMs);
  return { number, harm, atMs, forMs };
}

function isInstant({ kind }: Harm): boolean {
  return (
    kind === 'store-cut' ||
    kind === 'store-emptied' ||
    kind === 'keys-deleted' ||
    kind === 'gateway-killed'
  );
}

const queries = ['*', 'plain', 'backed', 'lasting', 'home-*', 'price-alerts'];
const stores = ['queue', 'cache'] as const;

const makers: { readonly [K in HarmKind]: (chance: Chance) => Omit<Harm & { kind: K }, 'kind'> } = {
  'warehouse-hang': (chance) => ({ query: chance.pick(queries) }),
  'warehouse-slow': (chance) => ({
    query: chance.pick(queries),
    latencyMs: chance.between(1_000, 16_000),
  }),
  'warehouse-unavailable': (chance) => ({ query: chance.pick(queries) }),
  'warehouse-quota': (chance) => ({ query: chance.pick(queries) }),
  'warehouse-malformed': (chance) => ({
    reply: chance.pick(['htmlOk', 'emptyOk', 'truncated', 'reset'] as const),
  }),
  'store-killed': (chance) => ({ store: chance.pick(stores) }),
  'store-frozen': (chance) => ({ store: chance.pick(stores) }),
  'store-slow': (chance) => ({ store: chance.pick(stores), latencyMs: chance.between(20, 300) }),
  'store-cut': (chance) => ({ store: chance.pick(stores) }),
  'store-emptied': (chance) => ({ store: chance.pick(stores) }),
  'keys-deleted': () => ({ store: 'cache' }),
  'worker-killed': (chance) => ({ worker: chance.between(0, 1) }),
  'worker-frozen': (chance) => ({ worker: chance.between(0, 1) }),
  'gateway-killed': (chance) => ({ process: chance.between(0, 1) }),
  'lane-silent': (chance) => ({ lane: chance.pick(lanes) }),
  'lane-refused': (chance) => ({ lane: chance.pick(lanes) }),
  switched: (chance) => ({
    query: chance.pick(['plain', 'backed', 'lasting', 'home-popular']),
    mode: chance.pick(['stale-only', 'frozen'] as const),
  }),
};

/** Every kind of fault that a soak knows. */
export const kinds = Object.keys(makers) as HarmKind[];

function harmOf(kind: HarmKind, chance: Chance): Harm {
  // The table says for each kind what belongs to it; the compiler cannot follow a kind that is not known yet.
  return { kind, ...makers[kind](chance) } as Harm;
}
