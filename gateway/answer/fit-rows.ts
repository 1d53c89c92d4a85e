import type { Query } from '../../shared/catalog/catalog.ts';
import { beginTurn } from '../../shared/turn.ts';

/** Rows that take more bytes are not looked at: they are parsed in one go. */
const MOST_BYTES = 1_000_000;

/**
 * A JSON array of rows as the query's row declaration lets them through: columns that it lacks left out, its defaults filled
 * in. Undefined when a row does not fit, or there are too many to look at. Never rejects.
 */
export async function fitRows({ row: schema }: Query, rows: Buffer): Promise<Buffer | undefined> {
  if (rows.byteLength > MOST_BYTES) return undefined;
  const turn = beginTurn();
  const texts: string[] = [];
  try {
    for (const row of JSON.parse(rows.toString('utf8')) as readonly unknown[]) {
      const parsed = schema.safeParse(row);
      if (!parsed.success) return undefined;
      texts.push(JSON.stringify(parsed.data));
      if (turn.isOver()) await turn.pass();
    }
  } catch {
    return undefined;
  }
  return Buffer.from(`[${texts.join(',')}]`);
}
