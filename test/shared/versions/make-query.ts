import { z } from 'zod';
import type { Query } from '../../../shared/catalog/catalog.ts';
import { checkQuery } from '../../../shared/catalog/check-query.ts';
import type { Shape } from '../../../shared/catalog/define-query.ts';

/** A checked query whose SQL says which release it is of, with these rows. */
export function queryOf(
  name: string,
  release: number,
  row: Shape = z.object({ id: z.int() }),
  parameters: Shape = z.object({ id: z.int().default(7) }),
): Query {
  const used = Object.keys(parameters.shape).map((one) => `@${one}`);
  const sql = `SELECT ${used.join()}, ${release}`;
  const checked = checkQuery({ name, summary: 'A query of a test.', parameters, row }, sql);
  if (!checked.ok) throw new Error(checked.problems.join('\n'));
  return checked.query;
}
