import type { Entry } from '../../shared/entry/entry.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { Holdings, Part } from './part.ts';

/** Reads what the store holds for all parts and all their fallbacks, in one round trip. Never rejects. */
export async function lookUp(
  context: GatewayContext,
  parts: readonly Part[],
): Promise<readonly Holdings[]> {
  const wanted = [...new Set(parts.flatMap(fingerprintsOf))];
  const found = await context.readEntries(wanted);
  const entries = new Map<string, Entry>();
  for (const [index, one] of (found ?? []).entries()) {
    if (one.kind === 'entry') entries.set(wanted[index] ?? '', one.entry);
    if (one.kind === 'unreadable') context.events.entryUnreadable(wanted[index] ?? '', one.why);
  }
  return parts.map((part) => ({
    entry: entries.get(part.fingerprint),
    others: entries,
    storeDown: found === undefined,
  }));
}

function fingerprintsOf(part: Part): string[] {
  const others = part.fallbacks.filter((fallback) => fallback.kind === 'entry');
  return [part.fingerprint, ...others.map((fallback) => fallback.fingerprint)];
}
