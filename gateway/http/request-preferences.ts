/** What a caller asks for beside his parameters. Times are milliseconds; without a wish they do not bind. */
export interface Preferences {
  /** `Request-Timeout`, never above what the gateway promises. */
  readonly answerWithinMs: number;
  /** `max-age`: an older entry does not count as fresh. */
  readonly maxAgeMs: number;
  /** `min-fresh`: an entry must stay fresh for at least this long. */
  readonly minFreshMs: number;
  /** `max-stale`: how far past its fresh bound an entry may be served; 0 refuses stale and fallback altogether. */
  readonly maxStaleMs: number;
  /** `no-cache`: what is stored does not count as fresh. */
  readonly noCache: boolean;
  /** `only-if-cached`: no flight is started or awaited. */
  readonly onlyIfCached: boolean;
}

/** A header that says nothing that is understood. */
export interface HeaderProblem {
  readonly header: string;
  readonly expected: string;
  readonly got: string;
}

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** Reads `Request-Timeout` and `Cache-Control` (RFC 9111, section 5.2.1); all problems at once. Unknown directives are ignored, as the RFC asks. */
export function readPreferences(
  headers: Headers,
  answerWithinMs: number,
): { preferences: Preferences; problems: HeaderProblem[] } {
  const problems: HeaderProblem[] = [];
  const directives = cacheDirectives(headers['cache-control']);
  const seconds = (name: string, absent: number): number => {
    const text = directives.get(name);
    if (text === undefined) return absent;
    if (name === 'max-stale' && text === '') return Number.POSITIVE_INFINITY;
    if (/^\d{1,9}$/.test(text)) return Number(text) * 1_000;
    problems.push({
      header: 'Cache-Control',
      expected: `${name}=<seconds>`,
      got: `${name}=${text}`,
    });
    return absent;
  };
  const preferences = {
    answerWithinMs: readTimeout(headers['request-timeout'], answerWithinMs, problems),
    maxAgeMs: seconds('max-age', Number.POSITIVE_INFINITY),
    minFreshMs: seconds('min-fresh', 0),
    maxStaleMs: seconds('max-stale', Number.POSITIVE_INFINITY),
    noCache: directives.has('no-cache'),
    onlyIfCached: directives.has('only-if-cached'),
  };
  return { preferences, problems };
}

function readTimeout(
  header: string | string[] | undefined,
  mostMs: number,
  problems: HeaderProblem[],
): number {
  if (header === undefined) return mostMs;
  const text = String(header).trim();
  const ms = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) * 1_000 : 0;
  if (ms > 0) return Math.min(ms, mostMs);
  problems.push({ header: 'Request-Timeout', expected: 'seconds above 0, such as 2.5', got: text });
  return mostMs;
}

function cacheDirectives(header: string | string[] | undefined): ReadonlyMap<string, string> {
  const parts = String(header ?? '').split(',');
  return new Map(
    parts.map((part) => {
      const [name = '', value = ''] = part.trim().split('=', 2);
      return [name.toLowerCase(), value.replace(/^"|"$/g, '')];
    }),
  );
}
