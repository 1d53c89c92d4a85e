import type { Bounds, Question } from './judges/client/plan.ts';

/** The queries of the chaos catalog. */
export type QueryName =
  | 'plain'
  | 'backed'
  | 'lasting'
  | 'hostile'
  | 'popular'
  | 'bulky'
  | 'late'
  | 'exact'
  | 'bulk'
  | 'graded-live'
  | 'graded-analyst'
  | 'graded-warm'
  | 'versioned'
  | 'nothing'
  | 'control';

const hourMs = 3_600_000;

/** The bounds that the catalog declares, written down a second time: the judge does not ask the judged. */
const boundsOf: Readonly<Record<QueryName, Bounds>> = {
  plain: { freshForMs: 1_000, staleForMs: hourMs },
  backed: { freshForMs: 1_000, staleForMs: hourMs },
  lasting: { freshForMs: hourMs, staleForMs: 24 * hourMs },
  hostile: { freshForMs: hourMs, staleForMs: 24 * hourMs },
  popular: { freshForMs: hourMs, staleForMs: 24 * hourMs },
  bulky: { freshForMs: hourMs, staleForMs: 24 * hourMs },
  late: { freshForMs: hourMs, staleForMs: 24 * hourMs },
  exact: { freshForMs: hourMs, staleForMs: 24 * hourMs },
  bulk: { freshForMs: hourMs, staleForMs: 24 * hourMs },
  'graded-live': { freshForMs: hourMs, staleForMs: 24 * hourMs },
  'graded-analyst': { freshForMs: hourMs, staleForMs: 24 * hourMs },
  'graded-warm': { freshForMs: hourMs, staleForMs: 24 * hourMs },
  versioned: { freshForMs: hourMs, staleForMs: 24 * hourMs },
  nothing: { freshForMs: hourMs, staleForMs: 24 * hourMs },
  control: { freshForMs: 6 * hourMs, staleForMs: 24 * hourMs },
};

/** A question to a query's own route; `{n}` in the key makes every request another question. */
export function ask(
  query: QueryName,
  key: string,
  headers: Readonly<Record<string, string>> = {},
): Question {
  return { path: `/api/v1/queries/${query}?key=${key}`, key, headers, bounds: boundsOf[query] };
}

/** Asks past what the gateway remembers as it left: with a wish that it has anyhow, and that only the whole way judges. */
export const PAST_MEMORY: Readonly<Record<string, string>> = { 'Request-Timeout': '15' };
