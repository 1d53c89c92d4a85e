import {
  anew,
  catalog,
  health,
  home,
  priceAlerts,
  type Question,
  single,
} from '../../open-loop/question.ts';

/** What a virtual user may do in his turn, and how often in comparison with the rest. */
export interface Habit {
  readonly kind: string;
  readonly weight: number;
  readonly ask: (user: number, random: () => number) => readonly Question[];
}

/** So many shoppers have recommendations of their own; virtual users beyond them are the same people again. */
const SHOPPERS = 100;

/** Picks a habit by its weight; `random` gives 0 to below 1. */
export function pickHabit(habits: readonly Habit[], random: () => number): Habit {
  const total = habits.reduce((sum, { weight }) => sum + weight, 0);
  let left = random() * total;
  const picked = habits.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  if (picked === undefined) throw new RangeError('no habits to pick from');
  return picked;
}

/** The load of the sentiment API: singles, an experiment with two arms, batches, analytics and health. */
export const sentimentHabits: readonly Habit[] = [
  { kind: 'single: a user’s home page', weight: 70, ask: (user) => [home(1 + (user % SHOPPERS))] },
  {
    kind: 'A/B: one query in one of two sizes',
    weight: 20,
    ask: (user) => [single('home-popular', { limit: user % 2 === 0 ? 4 : 8 })],
  },
  { kind: 'batch: five queries at once', weight: 10, ask: () => batch },
  {
    kind: 'analytics: price alerts or the catalog',
    weight: 5,
    ask: (_, random) => [random() < 0.5 ? priceAlerts('7d') : catalog],
  },
  { kind: 'health', weight: 5, ask: () => [health] },
];

const batch: readonly Question[] = [
  ...[4, 8].map((limit) => single('home-popular', { limit })),
  ...[4, 8].map((limit) => single('home-trending', { limit })),
  single('home-new-arrivals', { limit: 4 }),
];

/** The same few home pages again and again. */
export const repeatedHabits: readonly Habit[] = [
  { kind: 'one of ten home pages', weight: 1, ask: (user) => [home(1 + (user % 10))] },
];

const CHANGED_ROWS = 5;
let created = 0;

/** The load of the CRUD API in reads: a list, a row, a row that nobody has asked for before, a row that must be computed anew. */
export const crudHabits: readonly Habit[] = [
  { kind: 'list: price alerts', weight: 30, ask: () => [priceAlerts('7d')] },
  { kind: 'read: a user’s home page', weight: 40, ask: (user) => [home(1 + (user % 20))] },
  {
    kind: 'create: a query not asked before',
    weight: 15,
    ask: () => [single('bench-echo', { n: CHANGED_ROWS + created++ })],
  },
  {
    kind: 'update: a query computed anew',
    weight: 15,
    ask: (_, random) => [anew(single('bench-echo', { n: Math.floor(random() * CHANGED_ROWS) }))],
  },
];
