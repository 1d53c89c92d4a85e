import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { allRows } from './row-list.ts';
import { createStreet } from './street.ts';

describe('the quick rows of the fault matrix', { skip: process.platform !== 'linux' }, async () => {
  const rows = (await allRows()).filter(({ quick }) => quick);
  const street = createStreet(false);
  after(() => street[Symbol.asyncDispose]());
  for (const row of rows) {
    test(`${row.id}: ${row.title}`, async () => {
      const { findings, claims } = await street.run(row);
      assert.deepEqual(
        { findings, broken: claims.filter(({ isMet }) => !isMet) },
        { findings: [], broken: [] },
      );
    });
  }
});
