/** The codings that bodies are sent in. */
export type Encoding = 'identity' | 'gzip' | 'zstd';

/** Of two that are equally welcome the first: entries are stored in it, and it is unpacked faster. */
const COMPRESSED = ['zstd', 'gzip'] as const;
/** Browsers send a handful of spellings: each is read once. */
const MOST_REMEMBERED = 200;
const remembered = new Map<string, Encoding>();

/** The best coding that an `Accept-Encoding` takes (RFC 9110, section 12.5.3). */
export function acceptedEncoding(header: string | undefined): Encoding {
  if (header === undefined || header === '') return 'identity';
  const known = remembered.get(header);
  if (known) return known;
  const read = readAccepted(header);
  if (remembered.size >= MOST_REMEMBERED) remembered.clear();
  remembered.set(header, read);
  return read;
}

function readAccepted(header: string): Encoding {
  const weights = new Map(header.split(',').map(readMember));
  const weightOf = (coding: string) => weights.get(coding) ?? weights.get('*') ?? 0;
  // What is not named is welcome as long as nothing else is.
  const identity = weights.get('identity') ?? 0;
  let best: Encoding = 'identity';
  for (const coding of COMPRESSED)
    if (weightOf(coding) > (best === 'identity' ? identity : weightOf(best))) best = coding;
  return best;
}

function readMember(member: string): [coding: string, weight: number] {
  const [coding = '', ...parameters] = member.split(';').map((part) => part.trim().toLowerCase());
  const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
  const number = weight === undefined ? 1 : Number(weight);
  return [coding, Number.isFinite(number) ? number : 0];
}
