import type { Entry } from '../../shared/entry/entry.ts';
import type { EntryReader } from '../entries/entry-reader.ts';
import type { Holdings, Part } from './part.ts';

/** Reads what is held for all parts and all their fallbacks, in one round trip. Never rejects. */
export async function lookUp(
  { entries }: { readonly entries: EntryReader },
  parts: readonly Part[],
): Promise<readonly Holdings[]> {
  const wanted = [...new Set(parts.flatMap(fingerprintsOf))];
  const { found, storeDown } = await entries.read(wanted);
  const held = new Map<string, Entry>();
  for (const one of found) if (one.kind === 'entry') held.set(one.entry.fingerprint, one.entry);
  return parts.map((part) => ({ entry: held.get(part.fingerprint), others: held, storeDown }));
}

function fingerprintsOf(part: Part): string[] {
  const others = part.fallbacks.filter((fallback) => fallback.kind === 'entry');
  return [part.fingerprint, ...others.map((fallback) => fallback.fingerprint)];
}
