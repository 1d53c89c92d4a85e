import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createAskedNotes } from '../../../gateway/flights/asked-notes.ts';
import { until } from '../../until.ts';

const job = (query: string, id: number) => ({ query, parameters: { id } });

describe('notes of what was asked', () => {
  test('are taken once a second for each query', () => {
    const noted: unknown[] = [];
    let nowMs = 0;
    const note = createAskedNotes({
      recent: { note: async (query, parameters) => void noted.push([query, parameters['id']]) },
      onError: (error) => assert.fail(String(error)),
      now: () => nowMs,
    });
    for (nowMs of [0, 500, 999, 1_000, 1_500]) {
      note(job('one', nowMs));
      note(job('two', nowMs));
    }
    assert.deepEqual(noted, [
      ['one', 0],
      ['two', 0],
      ['one', 1_000],
      ['two', 1_000],
    ]);
  });

  test('that fail are told of, and hold nobody up', async () => {
    const errors: unknown[] = [];
    const note = createAskedNotes({
      recent: { note: () => Promise.reject(new Error('away')) },
      onError: (error) => errors.push(error),
    });
    note(job('one', 1));
    await until(() => errors.length === 1);
  });
});
