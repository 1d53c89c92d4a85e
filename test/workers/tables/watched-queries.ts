import assert from 'node:assert/strict';
import { z } from 'zod';
import type { Query } from '../../../shared/catalog/catalog.ts';
import { checkQuery } from '../../../shared/catalog/check-query.ts';

/** A query that is fresh while its tables are unchanged, unless its policy says otherwise. */
export function watchedQuery(
  name: string,
  sql = 'SELECT id FROM shop.sales',
  policy: object = { freshWhile: 'tables-unchanged' },
): Query {
  const definition = {
    name,
    summary: `Says ${name}.`,
    parameters: z.object({}),
    row: z.object({ id: z.int() }),
    policy,
  };
  const checked = checkQuery(definition, sql);
  assert.ok(checked.ok, JSON.stringify(checked));
  return checked.query;
}
