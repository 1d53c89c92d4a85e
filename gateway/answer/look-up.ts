import type { Entry } from '../../shared/entry/entry.ts';
import type { EntryReader } from '../entries/entry-reader.ts';
import type { Holdings, Part } from './part.ts';
import type { PreviousVersion } from './previous-version.ts';

/** What is looked into. */
export interface LookUpParts {
  readonly entries: EntryReader;
  readonly previous: PreviousVersion;
}

/** Reads what is held for all parts, all their fallbacks and, of changed queries, their previous versions, in one round trip. Never rejects. */
export async function lookUp(
  { entries, previous }: LookUpParts,
  parts: readonly Part[],
): Promise<readonly Holdings[]> {
  const sought = parts.map((part) => previous.soughtFor(part));
  const wanted = [...parts.flatMap(fingerprintsOf), ...sought.filter((one) => one !== undefined)];
  const { found, storeDown } = await entries.read([...new Set(wanted)]);
  const held = new Map<string, Entry>();
  for (const one of found) if (one.kind === 'entry') held.set(one.entry.fingerprint, one.entry);
  return Promise.all(
    parts.map(async (part, index) => {
      const entry = held.get(part.fingerprint);
      const before = sought[index] === undefined ? undefined : held.get(sought[index]);
      if (entry && sought[index] !== undefined) previous.noteOwn(part);
      const fitted = entry || !before ? undefined : await previous.fit(part.query, before);
      return { entry: entry ?? fitted, isPrevious: fitted !== undefined, others: held, storeDown };
    }),
  );
}

function fingerprintsOf(part: Part): string[] {
  const others = part.fallbacks.filter((fallback) => fallback.kind === 'entry');
  return [part.fingerprint, ...others.map((fallback) => fallback.fingerprint)];
}
