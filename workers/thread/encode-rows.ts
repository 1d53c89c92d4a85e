import { encodeEntry, EntryTooLargeError, MAX_ENTRY_BYTES } from '../../shared/entry/codec.ts';
import type { Entry } from '../../shared/entry/entry.ts';
import { beginTurn } from '../../shared/turn.ts';

/** What an entry says besides its rows. */
export type EntryFacts = Omit<Entry, 'rows' | 'rowCount'>;

/** An entry as bytes that can be moved to another thread; rejects with an {@link EntryTooLargeError}. */
export async function encodeRows(facts: EntryFacts, rows: readonly object[]): Promise<Uint8Array> {
  const json = await jsonOf(rows);
  const encoded = await encodeEntry({ ...facts, rowCount: rows.length, rows: json });
  // A buffer of its own: small ones share a pool, which cannot be moved out of the thread.
  return new Uint8Array(encoded);
}

/** The rows as a JSON array, written with turns for the thread's other tasks. */
async function jsonOf(rows: readonly object[]): Promise<Buffer> {
  const turn = beginTurn();
  const texts: string[] = [];
  let length = 0;
  for (const row of rows) {
    const text = JSON.stringify(row);
    length += text.length + 1;
    if (length > MAX_ENTRY_BYTES) throw new EntryTooLargeError('the rows', length, MAX_ENTRY_BYTES);
    texts.push(text);
    if (turn.isOver()) await turn.pass();
  }
  return Buffer.from(`[${texts.join(',')}]`);
}
