import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { BigQuery } from '@google-cloud/bigquery';
import { boundParameters } from '../../workers/thread/bound-parameters.ts';

const bound = (
  type: Parameters<typeof boundParameters>[0][string],
  value?: string | number | null,
) => boundParameters({ p: type }, value === undefined ? {} : { p: value }).params?.['p'];

describe('a parameter as the client takes it', () => {
  test('is NULL when it is not given, and empty if it is an array', () => {
    for (const value of [undefined, null]) {
      assert.equal(bound('INT64', value), null);
      assert.deepEqual(bound(['INT64'], value), []);
    }
  });

  test('is an array of one value where it is one value for an array', () => {
    assert.deepEqual(bound(['INT64'], 7), [7]);
  });

  test('is a day or an instant in the client’s own words, in arrays too', () => {
    assert.deepEqual(bound('DATE', '2026-01-31'), BigQuery.date('2026-01-31'));
    const { params } = boundParameters({ p: ['DATE'] }, { p: ['2026-01-31'] });
    assert.deepEqual(params?.['p'], [BigQuery.date('2026-01-31')]);
  });

  test('is not there when a query has none', () => {
    assert.deepEqual(boundParameters({}, {}), {});
  });
});
