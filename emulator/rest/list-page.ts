import { z } from 'zod';
import { pageToken, startOfPage } from './result-page.ts';
import { count, parseQuery } from './wire.ts';

const pageQuery = z.object({ maxResults: count.optional(), pageToken: z.string().optional() });

const defaultPageSize = 1000;

/** Cuts the page that `maxResults` and `pageToken` ask for out of a list. */
export function listPage<T>(
  all: readonly T[],
  query: URLSearchParams,
): { readonly items: readonly T[]; readonly nextPageToken: string | undefined } {
  const wanted = parseQuery(pageQuery, query);
  const start = wanted.pageToken === undefined ? 0 : startOfPage(wanted.pageToken);
  const end = start + (wanted.maxResults ?? defaultPageSize);
  const nextPageToken = end < all.length && end > start ? pageToken(end) : undefined;
  return { items: all.slice(start, end), nextPageToken };
}
