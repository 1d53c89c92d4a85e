import { BigQueryError } from '../values/bigquery-error.ts';
import type { Route } from './call.ts';

/** A route with the `:name` parts that a path gave it. */
export interface RouteMatch {
  readonly route: Route;
  readonly path: Readonly<Record<string, string>>;
}

/** Makes the function that finds the route of a request; `/bigquery/v2` before the path may be left out. Throws notFound. */
export function createRouter(
  routes: readonly Route[],
): (method: string, path: string) => RouteMatch {
  const patterns = routes.map((route) => ({ route, pattern: pathPattern(route.path) }));
  return (method, path) => {
    const rest = path.replace(/^\/bigquery\/v2(?=\/)/, '');
    for (const { route, pattern } of patterns) {
      const match = route.method === method ? pattern.exec(rest) : null;
      if (match !== null) return { route, path: decoded(match.groups ?? {}) };
    }
    throw new BigQueryError('notFound', `Not found: ${method} ${path}`);
  };
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}/?$`);
}

function decoded(groups: Readonly<Record<string, string>>): Record<string, string> {
  try {
    return Object.fromEntries(
      Object.entries(groups).map(([name, text]) => [name, decodeURIComponent(text)]),
    );
  } catch {
    throw new BigQueryError('invalid', 'Invalid percent-encoding in the path');
  }
}
