import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { ConnectionPool } from '../../../emulator/warehouse/connection-pool.ts';

test('at most `size` borrowers work at once, and the others follow in order', async () => {
  await using pool = new ConnectionPool(await DuckDBInstance.create(':memory:'), 2);
  const signal = new AbortController().signal;
  let working = 0;
  let most = 0;
  const order: number[] = [];
  await Promise.all(
    [0, 1, 2, 3, 4].map((i) =>
      pool.use(signal, async ({ connection }) => {
        order.push(i);
        working += 1;
        most = Math.max(most, working);
        await connection.run('SELECT 1');
        working -= 1;
      }),
    ),
  );
  assert.equal(most, 2);
  assert.deepEqual(
    order.toSorted((a, b) => a - b),
    [0, 1, 2, 3, 4],
  );
});

test('who leaves the line is not served, and the line moves on', async () => {
  await using pool = new ConnectionPool(await DuckDBInstance.create(':memory:'), 1);
  const stay = new AbortController().signal;
  const leave = new AbortController();
  const hold = Promise.withResolvers<void>();
  const first = pool.use(stay, () => hold.promise);
  const second = pool.use(leave.signal, async () => 'served');
  const third = pool.use(stay, async () => 'served');
  leave.abort(new Error('left'));
  await assert.rejects(second, /left/);
  hold.resolve();
  await first;
  assert.equal(await third, 'served');
});

test('an abort ends work that is between two statements at its next one', async () => {
  await using pool = new ConnectionPool(await DuckDBInstance.create(':memory:'), 1);
  const stop = new AbortController();
  const work = pool.use(stop.signal, async ({ connection }) => {
    stop.abort();
    await connection.run(
      'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE hash(a.range * b.range) % 7 = 3',
    );
  });
  await assert.rejects(work, /INTERRUPT/);
});

test('a tainted connection is not lent again', async () => {
  await using pool = new ConnectionPool(await DuckDBInstance.create(':memory:'), 1);
  const { signal } = new AbortController();
  await pool.use(signal, async (loan) => {
    await loan.connection.run('CREATE TEMP MACRO own() AS 1');
    loan.taint();
  });
  const again = pool.use(signal, ({ connection }) => connection.run('SELECT own()'));
  await assert.rejects(again, /own does not exist/);
});
