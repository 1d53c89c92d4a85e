import type { IncomingHttpHeaders } from 'node:http';
import type { SideDoorAnswer } from './answer.ts';
import { Refusal } from './refusal.ts';

/** What a route of the side door is given. */
export interface SideDoorRequest {
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** What stands in the path where the pattern has `:name`, decoded. */
  readonly names: Readonly<Record<string, string>>;
  /** The body as JSON of at most 64 kB; rejects with a {@link Refusal}. */
  readonly json: () => Promise<unknown>;
}

/** Answers a request, or throws: a {@link Refusal} to say what is wrong with it. */
export type SideDoorRoute = (request: SideDoorRequest) => Promise<SideDoorAnswer> | SideDoorAnswer;

/** Routes by method and path pattern, such as `PUT /things/:name`; without a method it is GET. */
export type SideDoorRoutes = Readonly<Record<string, SideDoorRoute>>;

interface Standing {
  readonly method: string;
  readonly segments: readonly string[];
  readonly route: SideDoorRoute;
}

/** Makes the way from a method and a path to the route that answers them; it throws a {@link Refusal}, 404 or 405, when none does. */
export function createRouting(routes: SideDoorRoutes) {
  const standing = Object.entries(routes).map(([key, route]) => parseKey(key, route));
  return (method: string, path: string) => {
    const segments = path.split('/');
    const matches = standing.flatMap((one) => {
      const names = namesIn(one.segments, segments);
      return names ? [{ ...one, names }] : [];
    });
    const wanted = method === 'HEAD' ? 'GET' : method;
    const match = matches.find((one) => one.method === wanted);
    if (match) return match;
    if (matches.length === 0) throw new Refusal('not-found', 'No route has this path.');
    const allow = matches.flatMap((one) => (one.method === 'GET' ? ['GET', 'HEAD'] : [one.method]));
    throw new Refusal('method-not-allowed', `Only ${allow.join(', ')} are answered here.`, {
      headers: { allow: allow.join(', ') },
    });
  };
}

function parseKey(key: string, route: SideDoorRoute): Standing {
  const [method, path] = key.startsWith('/') ? ['GET', key] : key.split(' ', 2);
  return { method: method ?? '', segments: (path ?? '').split('/'), route };
}

/** What the pattern's names stand for in the path; undefined when the path is another. */
function namesIn(
  pattern: readonly string[],
  segments: readonly string[],
): Record<string, string> | undefined {
  if (pattern.length !== segments.length) return undefined;
  const names: Record<string, string> = Object.create(null);
  for (const [index, expected] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (!expected.startsWith(':')) {
      if (segment !== expected) return undefined;
      continue;
    }
    const name = decoded(segment);
    if (name === undefined || name === '') return undefined;
    names[expected.slice(1)] = name;
  }
  return names;
}

function decoded(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
