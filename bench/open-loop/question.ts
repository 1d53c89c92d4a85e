/** A GET, and what its answer must be made of. */
export interface Question {
  readonly path: string;
  /** The names of its parts; undefined where the answer has none, such as that of the catalog. */
  readonly parts: readonly string[] | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The home page of a user. */
export function home(userId: number, limit = 4): Question {
  return {
    path: `/api/v1/home/recommendations?userId=${userId}&limit=${limit}`,
    parts: ['recommended', 'trending', 'newInFavourites'],
  };
}

/** A query by itself. */
export function single(query: string, parameters: Readonly<Record<string, number>>): Question {
  const search = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return { path: `/api/v1/queries/${query}?${search.join('&')}`, parts: [query] };
}

/** The first page of the products whose price has moved. */
export function priceAlerts(window: '1d' | '7d' | '14d' | '28d'): Question {
  return { path: `/api/v1/analytics/price-alerts?window=${window}&limit=20`, parts: ['alerts'] };
}

/** What can be asked. */
export const catalog: Question = { path: '/api/v1/queries', parts: undefined };

/** Whether the process is up. */
export const health: Question = { path: '/healthz', parts: undefined };

/** The same question for somebody who wants it computed anew. */
export function anew(question: Question): Question {
  return { ...question, headers: { 'Cache-Control': 'no-cache' } };
}

/** The same question for somebody who takes only what is stored. */
export function ifCached(question: Question): Question {
  return { ...question, headers: { 'Cache-Control': 'only-if-cached' } };
}
