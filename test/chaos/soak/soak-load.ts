import type { Plan, Question } from '../judges/client/plan.ts';
import { ask } from '../question.ts';
import { keys } from '../tally.ts';

/** One kind of request of the mixed load. */
export interface SoakLoad extends Omit<Plan, 'origin' | 'arrival'> {
  readonly perSecond: number;
  /** Latest last byte, in milliseconds after sending. */
  readonly dueMs: number;
  /** Whether its first questions are asked before the soak begins, so that there are entries. */
  readonly isKnown?: boolean;
}

const dueMs = 19_000;
const hurriedSeconds = 1;
/** What is under way in a gateway process that is killed is lost; the check of the history says which may be. */
const tolerates = ['reset', 'closed'] as const;

/** The loads of a soak that run side by side, 22 requests a second in all; their names are claims' names, too. */
export function soakLoads(run: string): readonly SoakLoad[] {
  const stored = keys(`${run}-stored`, 10).map((key) => ask('lasting', key));
  const agingKeys = keys(`${run}-aging`, 10);
  const aging = agingKeys.map((key) => ask('plain', key));
  const load = (
    name: string,
    perSecond: number,
    questions: readonly Question[],
    more: Partial<SoakLoad> = {},
  ): SoakLoad => ({ name, perSecond, questions, dueMs, tolerates, ...more });
  return [
    load('hits', 6, stored, { keepAlive: true, isKnown: true }),
    load('misses', 2, [ask('lasting', `${run}-new-{n}`)]),
    load('stale', 4, aging, { isKnown: true }),
    load('backed', 2, [
      ...keys(`${run}-backed`, 4).map((key) => ask('backed', key)),
      ask('backed', `${run}-backed-{n}`),
    ]),
    load('home', 2, homes, { keepAlive: true, isKnown: true }),
    load('alerts', 1, alerts, { isKnown: true }),
    load('hurried', 1, [ask('lasting', `${run}-hurried-{n}`, hurry)], {
      dueMs: hurriedSeconds * 1_000 + 1_000,
    }),
    load('leaving', 1, [ask('lasting', `${run}-leaving-{n}`)], {
      leaves: { share: 1, withinMs: 100 },
    }),
    load('wrong', 1, wrongs),
    load(
      'demanding',
      1,
      agingKeys.map((key) => ask('plain', key, { 'Cache-Control': 'max-stale=0' })),
    ),
    load(
      'revalidating',
      1,
      stored.map((question) => Object.assign({ revalidates: true }, question)),
    ),
  ];
}

/** A load as the client wants it. */
export function planOf(
  { name, questions, keepAlive = false, leaves, tolerates = [], perSecond }: SoakLoad,
  origin: string,
): Plan {
  const arrival = { kind: 'rate', perSecond } as const;
  const plan = { name, origin, questions, arrival, keepAlive, tolerates };
  return leaves === undefined ? plan : { ...plan, leaves };
}

const hurry = { 'Request-Timeout': String(hurriedSeconds) };
const homes: readonly Question[] = [
  { path: '/api/v1/home/recommendations?limit=4' },
  ...Array.from({ length: 9 }, (_, user) => ({
    path: `/api/v1/home/recommendations?limit=4&userId=${user + 1}`,
  })),
];
const alerts: readonly Question[] = ['product', 'brand', 'category'].map((by) => ({
  path: `/api/v1/analytics/price-alerts?by=${by}&window=28d&minChangePercent=1&minUnits=1&limit=5{cursor}`,
}));
const wrongs: readonly Question[] = [
  { path: '/api/v1/home/recommendations?limit=0&userId=none' },
  { path: '/api/v1/queries/lasting' },
  { path: '/api/v1/queries/none-such' },
  { path: '/api/v1/analytics/price-alerts?by=moon&cursor=nonsense' },
  { path: '/api/v1/queries/plain?key=x', headers: { 'Request-Timeout': 'soon' } },
];
