import { beginTurn } from '../../shared/turn.ts';

/** So many rows are passed between two looks at the clock. */
const ROWS_PER_LOOK = 200;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * The rows from `offset` on, `limit` at most, of a JSON array in UTF-8 without white space, and whether more follow. Read no
 * further than they go, nothing unpacked into objects, with turns for others: the first page of 100,000 rows costs what a
 * page costs.
 */
export async function sliceRows(
  rows: Buffer,
  offset: number,
  limit: number,
): Promise<{ readonly rows: Buffer; readonly isLast: boolean }> {
  const turn = beginTurn();
  const end = rows.length - 1;
  let at = 1;
  let from = offset === 0 ? 1 : end;
  let passed = 0;
  while (passed < offset + limit && at < end) {
    at = endOfValue(rows, at, end) + 1;
    passed += 1;
    if (passed === offset) from = Math.min(at, end);
    if (passed % ROWS_PER_LOOK === 0 && turn.isOver()) await turn.pass();
  }
  const isLast = at >= end;
  // Behind the last row is no comma.
  const slice = rows.subarray(from, Math.max(from, isLast ? end : at - 1));
  return { rows: Buffer.concat([Buffer.from('['), slice, Buffer.from(']')]), isLast };
}

/** Where the comma behind a value stands, or the end. */
function endOfValue(json: Buffer, from: number, end: number): number {
  let depth = 0;
  for (let at = from; at < end; at++) {
    const byte = json[at] ?? 0;
    if (byte === QUOTE) at = closingQuote(json, at);
    else if (byte === COMMA && depth === 0) return at;
    else if (OPENING.has(byte)) depth++;
    else if (CLOSING.has(byte)) depth--;
  }
  return end;
}

/** A quote is escaped by an odd number of backslashes before it. */
function closingQuote(json: Buffer, opening: number): number {
  for (let at = json.indexOf(QUOTE, opening + 1); at >= 0; at = json.indexOf(QUOTE, at + 1)) {
    let backslashes = 0;
    while (json[at - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return json.length;
}
