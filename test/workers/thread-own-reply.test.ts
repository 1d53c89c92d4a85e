import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { checkQuery } from '../../shared/catalog/check-query.ts';
import { connectWarehouse } from '../../workers/thread/connect-warehouse.ts';
import { entryCargo } from '../../workers/thread/cargo.ts';
import { flyQuery } from '../../workers/thread/fly-query.ts';
import {
  type Reply,
  resultOf,
  startThreadWarehouse,
  type ThreadWarehouse,
} from './thread-warehouse.ts';

const anothers = { jobReference: { projectId: 'p', jobId: 'anothers' } };

function fly({ url: emulatorUrl }: ThreadWarehouse) {
  const checked = checkQuery(
    {
      name: 'q',
      summary: 'Says q.',
      parameters: z.object({ id: z.int() }),
      row: z.object({ id: z.int() }),
    },
    'SELECT @id AS id',
  );
  assert.ok(checked.ok, JSON.stringify(checked));
  const client = connectWarehouse({ projectId: 'p', location: undefined, emulatorUrl });
  const task = {
    fingerprint: 'f'.repeat(64),
    query: 'q',
    parameters: { id: 1 },
    warehouseJobId: 'mine',
    budgetMs: 3_600_000,
    epochMs: 0,
  };
  const cargo = entryCargo(checked.query, task);
  return flyQuery(client, checked.query, task, cargo, new AbortController().signal);
}

describe('a reply on a connection that is out of step', () => {
  test('is not taken for the rows that were asked for: they are asked for again', async () => {
    await using warehouse = await startThreadWarehouse();
    warehouse.answer('results', (_, call) => (call === 1 ? resultOf([9], anothers) : undefined));
    const outcome = await fly(warehouse);
    assert.ok(outcome.ok);
    assert.equal(warehouse.count('results', 'mine'), 2);
  });

  test('brings nothing when it is all that comes', async () => {
    await using warehouse = await startThreadWarehouse();
    warehouse.answer('results', () => resultOf([9], anothers));
    const outcome = await fly(warehouse);
    assert.deepEqual([outcome.ok, !outcome.ok && outcome.code], [false, 'warehouse-failed']);
    assert.match(outcome.ok ? '' : outcome.detail, /anothers/);
  });

  test('is no insert: the job is inserted again, and its own rows are read', async () => {
    await using warehouse = await startThreadWarehouse();
    const foreign: Reply = { body: { ...anothers, status: { state: 'RUNNING' } } };
    warehouse.answer('insert', (_, call) => (call === 1 ? foreign : undefined));
    const outcome = await fly(warehouse);
    assert.ok(outcome.ok);
    assert.deepEqual([warehouse.count('insert'), warehouse.count('results', 'anothers')], [2, 0]);
  });
});

test('a quota that is told within a reply of status 200 is a quota', async () => {
  await using warehouse = await startThreadWarehouse();
  const errors = [{ reason: 'quotaExceeded', message: 'enough' }];
  warehouse.answer('results', () => ({ body: { jobComplete: true, errors } }));
  const outcome = await fly(warehouse);
  assert.deepEqual([outcome.ok, !outcome.ok && outcome.code], [false, 'quota-exceeded']);
});
