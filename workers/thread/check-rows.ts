import type { Query } from '../../shared/catalog/catalog.ts';
import { jsonFields } from '../../shared/catalog/parameter-types.ts';
import type { Parameters } from '../../shared/fingerprint.ts';
import type { Turn } from '../../shared/turn.ts';
import { rowDecoder } from './decode-row.ts';
import { bad, messageOf, type Refusal, tooMany } from './refusal.ts';
import type { Field, RawRow } from './warehouse-job.ts';

/** Rows as they were declared, or why they are refused. */
export type Collected = { readonly ok: true; readonly rows: readonly object[] } | Refusal;

/** Decodes and checks rows into a list, with turns for the thread's other tasks; gives back what is wrong with them. */
export function rowReader(query: Query, fields: readonly Field[]) {
  const declared = jsonFields(query.row, 'output');
  const key = query.batch?.by;
  const isDeclared = key !== undefined && key in declared;
  const decode = rowDecoder(fields, declared, isDeclared ? undefined : key);
  return async (
    page: readonly RawRow[],
    into: object[],
    turn: Turn,
  ): Promise<Refusal | undefined> => {
    for (const raw of page) {
      try {
        into.push(checkedRow(query, decode(raw), into.length));
      } catch (error) {
        return bad(messageOf(error));
      }
      if (turn.isOver()) await turn.pass();
    }
    return undefined;
  };
}

/** Applies the query's transform, if it has one, to checked rows, and checks what it gives. */
export async function transformed(
  query: Query,
  rows: object[],
  parameters: Parameters,
  turn: Turn,
): Promise<Collected> {
  if (!query.transform) return { ok: true, rows };
  const { maxRows } = query.policy;
  const checked: object[] = [];
  try {
    for (const row of query.transform(rows, parameters)) {
      checked.push(checkedRow(query, row, checked.length));
      if (checked.length > maxRows) return tooMany(checked.length, maxRows);
      if (turn.isOver()) await turn.pass();
    }
    return { ok: true, rows: checked };
  } catch (error) {
    return bad(`after the transform: ${messageOf(error)}`);
  }
}

/** Throws when the row does not fit its declaration. */
function checkedRow(query: Query, row: object, index: number): object {
  const checked = query.row.safeParse(row);
  if (checked.success) return checked.data;
  const [issue] = checked.error.issues;
  throw new Error(`row ${index}, ${issue?.path.join('.')}: ${issue?.message}`);
}
