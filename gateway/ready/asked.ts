/** What the headers of a request say that matters to an answer which is ready. */
export interface Asked {
  readonly hosts: number;
  readonly requestId: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly acceptEncoding: string | undefined;
  /** It says something that only the whole way can judge: a wish of its own, or the same thing twice. */
  readonly hasWishes: boolean;
}

type Meaning = 'host' | 'requestId' | 'ifNoneMatch' | 'acceptEncoding' | 'wish';

/** The headers that mean something here; in the two spellings that clients use, so that few have to be turned into lower case. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map(
  (
    [
      ['Host', 'host'],
      ['X-Request-Id', 'requestId'],
      ['If-None-Match', 'ifNoneMatch'],
      ['Accept-Encoding', 'acceptEncoding'],
      ['Cache-Control', 'wish'],
      ['Request-Timeout', 'wish'],
    ] as const
  ).flatMap(([name, meaning]) => [
    [name, meaning] as const,
    [name.toLowerCase(), meaning] as const,
  ]),
);
/** Common headers that mean nothing here. */
const MEANINGLESS = new Set(
  ['Connection', 'User-Agent', 'Accept', 'Accept-Language', 'Referer', 'Cookie'].flatMap((name) => [
    name,
    name.toLowerCase(),
  ]),
);

/** Reads the headers as they came, names and values in turn, once. */
export function readAsked(rawHeaders: readonly string[]): Asked {
  let hosts = 0;
  let requestId: string | undefined;
  let ifNoneMatch: string | undefined;
  let acceptEncoding: string | undefined;
  let hasWishes = false;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    const value = rawHeaders[index + 1];
    switch (meaningOf(name)) {
      case 'host':
        hosts++;
        break;
      case 'requestId':
        hasWishes ||= requestId !== undefined;
        requestId = value;
        break;
      case 'ifNoneMatch':
        hasWishes ||= ifNoneMatch !== undefined;
        ifNoneMatch = value;
        break;
      case 'acceptEncoding':
        hasWishes ||= acceptEncoding !== undefined;
        acceptEncoding = value;
        break;
      case 'wish':
        hasWishes = true;
        break;
      case undefined:
        break;
    }
  }
  return { hosts, requestId, ifNoneMatch, acceptEncoding, hasWishes };
}

function meaningOf(name: string): Meaning | undefined {
  if (MEANINGLESS.has(name)) return undefined;
  return MEANINGS.get(name) ?? MEANINGS.get(name.toLowerCase());
}
