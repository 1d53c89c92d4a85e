import { fingerprint } from '../../../shared/fingerprint.ts';
import { encodeEntry } from '../../../shared/entry/codec.ts';
import type { Entry } from '../../../shared/entry/entry.ts';
import type { EncodedEntry } from '../../../shared/entry/entry-store.ts';

let made = 0;

/** A fingerprint that no other call returns. */
export function newFingerprint(): string {
  made += 1;
  return fingerprint({ query: 'test', version: '1', scope: 'public', parameters: { made } });
}

/** An entry with small rows, changed as told. */
export function makeEntry(changes: Partial<Entry> = {}): Entry {
  return {
    fingerprint: newFingerprint(),
    query: 'test',
    version: '0123456789ab',
    asOf: 1_763_683_200_000.25,
    rowCount: 1,
    rows: Buffer.from('[{"a":1}]'),
    ...changes,
  };
}

/** The entry as a worker's thread hands it on. */
export async function encoded(entry: Entry): Promise<EncodedEntry> {
  return {
    fingerprint: entry.fingerprint,
    asOf: entry.asOf,
    bytes: await encodeEntry(entry),
  };
}

/** The entry without the frame that it was stored in: what it says. */
export function withoutFrame(entry: Entry): Omit<Entry, 'zstd'> {
  const { zstd: _, ...said } = entry;
  return said;
}
