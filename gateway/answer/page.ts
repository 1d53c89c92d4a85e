import { z } from 'zod';
import type { GatewayContext } from '../gateway-context.ts';
import { type Answer, given, type GivenAnswer } from './answer.ts';
import { freshness } from '../../shared/entry/entry.ts';
import type { Part } from './part.ts';
import { sliceRows } from './slice-rows.ts';

/** Where a cursor points: a row of a snapshot, which is an entry as it was at an instant. */
export interface Cursor {
  readonly fingerprint: string;
  readonly asOf: number;
  readonly offset: number;
}

/** What following a cursor comes to. */
export type Followed =
  | { readonly kind: 'snapshot'; readonly answer: GivenAnswer }
  | { readonly kind: 'gone' }
  | { readonly kind: 'store-down' };

const cursorSchema = z.tuple([z.string(), z.number(), z.int().min(0)]);

/** A cursor as the opaque text that callers pass back. */
export function writeCursor({ fingerprint, asOf, offset }: Cursor): string {
  return Buffer.from(JSON.stringify([fingerprint.slice(0, 16), asOf, offset])).toString(
    'base64url',
  );
}

/** Reads a cursor for one of these fingerprints; undefined when it is none or belongs to another list. */
export function readCursor(text: string, fingerprints: readonly string[]): Cursor | undefined {
  try {
    const [prefix, asOf, offset] = cursorSchema.parse(
      JSON.parse(Buffer.from(text, 'base64url').toString('utf8')),
    );
    const fingerprint = fingerprints.find((one) => one.startsWith(prefix) && prefix.length === 16);
    return fingerprint === undefined ? undefined : { fingerprint, asOf, offset };
  } catch {
    return undefined;
  }
}

/** Finds the snapshot that a cursor pages through: the entry itself while it is the same, else the copy that was kept. */
export async function followCursor(
  context: GatewayContext,
  part: Part,
  cursor: Cursor,
): Promise<Followed> {
  const { found, storeDown } = await context.entries.read([cursor.fingerprint]);
  const entry = found[0]?.kind === 'entry' ? found[0].entry : undefined;
  if (storeDown && entry?.asOf !== cursor.asOf) return { kind: 'store-down' };
  const snapshot =
    entry?.asOf === cursor.asOf
      ? entry
      : await context.readSnapshot(cursor.fingerprint, cursor.asOf);
  if (!snapshot) return { kind: 'gone' };

  const isPrevious = snapshot.fingerprint === context.previous.fingerprintFor(part);
  const fitted = isPrevious ? await context.previous.fit(part.query, snapshot) : snapshot;
  if (!fitted) return { kind: 'gone' };
  if (!isPrevious && fitted.fingerprint !== part.fingerprint)
    return {
      kind: 'snapshot',
      answer: { ...given(fitted), source: 'fallback', reason: 'snapshot' },
    };
  const standing = freshness(fitted, part.query.policy, context.clock.now());
  if (standing === 'expired') return { kind: 'gone' };
  if (standing === 'fresh' && !isPrevious)
    return { kind: 'snapshot', answer: { ...given(fitted), source: 'fresh' } };
  const label = { source: 'stale', reason: 'snapshot' } as const;
  return {
    kind: 'snapshot',
    answer: { ...given(fitted), ...label, ...(isPrevious ? { isPrevious } : {}) },
  };
}

/** One page of an answer's rows, and the cursor of the next page when there is one. */
export async function pageOf(
  context: GatewayContext,
  answer: Answer,
  offset: number,
  limit: number,
): Promise<{ answer: Answer; nextCursor?: string }> {
  if (answer.source === 'none') return { answer };
  const { zstd: _, ...whole } = answer;
  const { rows, isLast } = await sliceRows(answer.rows, offset, limit);
  const page = { ...whole, rows };
  const next = offset + limit;
  const { fingerprint, asOf } = answer;
  if (isLast || fingerprint === undefined || asOf === undefined) return { answer: page };
  await context.keepSnapshot(fingerprint, asOf);
  return { answer: page, nextCursor: writeCursor({ fingerprint, asOf, offset: next }) };
}
