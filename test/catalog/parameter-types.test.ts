import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { parameterTypes } from '../../shared/catalog/parameter-types.ts';

describe('a parameter is bound with the BigQuery type of its schema', () => {
  const cases: readonly [schema: string, z.ZodType, type: unknown][] = [
    ['an integer', z.int(), 'INT64'],
    ['a bounded integer with a default', z.int().min(1).max(9).default(2), 'INT64'],
    ['a number', z.number().min(0), 'FLOAT64'],
    ['a string', z.string().max(9), 'STRING'],
    ['an enum', z.enum(['a', 'b']), 'STRING'],
    ['a boolean', z.boolean(), 'BOOL'],
    ['a date', z.iso.date(), 'DATE'],
    ['a moment', z.iso.datetime(), 'TIMESTAMP'],
    ['an optional string', z.string().optional(), 'STRING'],
    ['a nullable string', z.string().nullable(), 'STRING'],
    ['a bounded nullable string', z.string().min(1).nullable().default(null), 'STRING'],
    ['a list of integers', z.array(z.int()), ['INT64']],
    ['a list of an enum', z.array(z.enum(['a', 'b'])), ['STRING']],
    ['an object, which has none', z.object({ a: z.int() }), undefined],
    ['a list of lists, which has none', z.array(z.array(z.int())), undefined],
    ['a choice of two types, which has none', z.union([z.int(), z.string()]), undefined],
    ['anything, which has none', z.unknown(), undefined],
  ];
  for (const [name, schema, type] of cases)
    test(name, () => assert.deepEqual(parameterTypes(z.object({ p: schema })), { p: type }));
});
