import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { epochOf, monotonicClock } from '../../shared/clock.ts';
import { checkQuery } from '../../shared/catalog/check-query.ts';
import type { Query } from '../../shared/catalog/catalog.ts';
import { MAX_REPLY_BYTES } from '../../workers/thread/call-warehouse.ts';
import { connectWarehouse } from '../../workers/thread/connect-warehouse.ts';
import { MAX_STORED_BYTES } from '../../shared/entry/codec.ts';
import { entryCargo } from '../../workers/thread/cargo.ts';
import { flyQuery } from '../../workers/thread/fly-query.ts';
import { until } from '../until.ts';
import {
  NOT_READY,
  type Reply,
  resultOf,
  startThreadWarehouse,
  type ThreadWarehouse,
} from './thread-warehouse.ts';

const HOUR_MS = 3_600_000;

function queryWith(more: object = {}): Query {
  const parameters = z.object({ id: z.int() });
  const definition = { name: 'q', summary: 'Says q.', parameters, row: z.object({ id: z.int() }) };
  const checked = checkQuery({ ...definition, ...more }, 'SELECT @id AS id');
  assert.ok(checked.ok, JSON.stringify(checked));
  return checked.query;
}

/** Flies a query; aborted with the given reason, like a thread does when a budget ends or a message comes. */
function fly(warehouse: ThreadWarehouse, query = queryWith()) {
  const { url: emulatorUrl } = warehouse;
  const client = connectWarehouse({ projectId: 'p', location: undefined, emulatorUrl });
  const stop = new AbortController();
  const task = {
    fingerprint: 'f'.repeat(64),
    query: query.name,
    parameters: { id: 1 },
    warehouseJobId: 'mine',
    budgetMs: HOUR_MS,
    epochMs: epochOf(monotonicClock),
  };
  const outcome = flyQuery(client, query, task, entryCargo(query, task), stop.signal);
  return { outcome, end: (reason: 'timeout' | 'cancel' | 'abandon') => stop.abort(reason) };
}

const unavailable: Reply = { error: { status: 503, reason: 'backendError' } };
const duplicate: Reply = { error: { status: 409, reason: 'duplicate' } };
const notFound: Reply = { error: { status: 404, reason: 'notFound' } };
const failed: Reply = { body: { status: { state: 'DONE', errorResult: { reason: 'stopped' } } } };

describe('a flight in its thread, whose budget ends', () => {
  for (const how of ['hang', 'half'] as const)
    test(`while a poll answers ${how}, cancels its job and closes its connection`, async () => {
      await using warehouse = await startThreadWarehouse();
      warehouse.answer('results', () => how);
      const { outcome, end } = fly(warehouse);
      await until(() => warehouse.count('results') === 1);
      end('timeout');
      const ended = await outcome;
      assert.ok(!ended.ok && ended.code === 'timeout' && ended.job === 'settled');
      assert.equal(warehouse.count('cancel'), 1);
      // The connection of the cancel is kept for what comes next.
      await until(() => warehouse.openSockets <= 1);
      assert.equal(warehouse.count('results'), 1);
    });

  test('while its job is never ready, has asked with growing pauses and asks no more', async () => {
    await using warehouse = await startThreadWarehouse();
    warehouse.answer('results', () => NOT_READY);
    const beganAt = performance.now();
    const { outcome, end } = fly(warehouse);
    await until(() => warehouse.count('results') >= 4);
    assert.ok(performance.now() - beganAt > 650, 'pauses of 100, 200 and 400 ms');
    end('timeout');
    assert.equal((await outcome).ok, false);
    assert.deepEqual(
      warehouse.calls.slice(-2).map(({ route }) => route),
      ['cancel', 'state'],
    );
  });

  test('while its insert hangs, cancels until the late job is there', async () => {
    await using warehouse = await startThreadWarehouse();
    warehouse.answer('insert', () => 'hang');
    warehouse.answer('cancel', (_job, call) => (call < 3 ? notFound : undefined));
    const { outcome, end } = fly(warehouse);
    await until(() => warehouse.count('insert') === 1);
    end('timeout');
    const ended = await outcome;
    assert.ok(!ended.ok && ended.job === 'settled', JSON.stringify(ended));
    assert.equal(warehouse.count('cancel'), 3);
    assert.equal(warehouse.count('insert'), 1);
  });

  test('while its insert hangs, does not believe that there will be no job', async () => {
    await using warehouse = await startThreadWarehouse();
    warehouse.answer('insert', () => 'hang');
    warehouse.answer('cancel', () => notFound);
    const { outcome, end } = fly(warehouse);
    await until(() => warehouse.count('insert') === 1);
    end('timeout');
    const ended = await outcome;
    assert.ok(!ended.ok && ended.job === 'running');
  });

  test('says so when the cancel is not confirmed, after a few tries', async () => {
    await using warehouse = await startThreadWarehouse();
    warehouse.answer('results', () => NOT_READY);
    warehouse.answer('cancel', () => unavailable);
    const { outcome, end } = fly(warehouse);
    await until(() => warehouse.count('results') === 1);
    end('cancel');
    const ended = await outcome;
    assert.ok(!ended.ok && ended.job === 'running');
    assert.match(ended.detail, /not confirmed/);
    assert.equal(warehouse.count('cancel'), 4);
  });

  test('is content with a cancel whose answer never comes when the job is done', async () => {
    await using warehouse = await startThreadWarehouse();
    warehouse.answer('results', () => NOT_READY);
    warehouse.answer('cancel', () => 'hang');
    const { outcome, end } = fly(warehouse);
    await until(async () => warehouse.count('results') > 0);
    end('cancel');
    const ended = await outcome;
    assert.deepEqual([!ended.ok && ended.job, warehouse.count('cancel')], ['settled', 1]);
  });

  test('leaves the job alone when it is left to another, and asks no more', async () => {
    await using warehouse = await startThreadWarehouse();
    warehouse.answer('results', () => 'hang');
    const { outcome, end } = fly(warehouse);
    await until(() => warehouse.count('results') === 1);
    end('abandon');
    const ended = await outcome;
    assert.ok(!ended.ok && ended.job === 'running');
    await until(() => warehouse.openSockets === 0);
    assert.equal(warehouse.count('cancel'), 0);
  });

  test('gives the result nevertheless when its rows are all there: they are paid for', async () => {
    await using warehouse = await startThreadWarehouse();
    const ids = Array.from({ length: 1_000 }, (_, id) => id);
    warehouse.answer('results', () => resultOf(ids));
    let flight: ReturnType<typeof fly> | undefined;
    const transform = (rows: object[]) => {
      flight?.end('timeout');
      return rows;
    };
    flight = fly(warehouse, queryWith({ transform }));
    const ended = await flight.outcome;
    assert.ok(ended.ok, JSON.stringify(ended));
    assert.equal(warehouse.count('cancel'), 0);
  });
});

describe('a flight in its thread, whose warehouse fails', () => {
  const fateOf = async (answers: Partial<Record<'insert' | 'results' | 'state', Reply>>) => {
    await using warehouse = await startThreadWarehouse();
    for (const route of ['insert', 'results', 'state'] as const) {
      const reply = answers[route];
      if (reply) warehouse.answer(route, () => reply);
    }
    const ended = await fly(warehouse).outcome;
    assert.ok(!ended.ok);
    return ended.job;
  };

  test('to say how its job does, keeps the id of one that has not failed', async () => {
    const running: Reply = { body: { status: { state: 'RUNNING' } } };
    assert.equal(await fateOf({ results: unavailable, state: running }), 'running');
    assert.equal(await fateOf({ results: unavailable, state: unavailable }), 'running');
    assert.equal(await fateOf({ results: unavailable }), 'running');
    assert.equal(await fateOf({ results: unavailable, state: failed }), 'settled');
  });

  test('under the job of an earlier flight, tells a dead one from one that it cannot see', async () => {
    const attached = { insert: duplicate, results: unavailable };
    assert.equal(await fateOf({ ...attached, state: failed }), 'dead');
    assert.equal(await fateOf(attached), 'running');
    const stopped: Reply = { error: { status: 400, reason: 'stopped' } };
    assert.equal(await fateOf({ insert: duplicate, results: stopped }), 'dead');
  });

  test('to take its insert, knows only of a refusal that there is no job', async () => {
    assert.equal(await fateOf({ insert: unavailable }), 'running');
    const quota: Reply = { error: { status: 403, reason: 'quotaExceeded' } };
    assert.equal(await fateOf({ insert: quota }), 'settled');
  });
});

describe('a result that is too large', () => {
  const refusal = async (results: (call: number) => Reply, more: object = {}) => {
    await using warehouse = await startThreadWarehouse();
    warehouse.answer('results', (_job, call) => results(call));
    const ended = await fly(warehouse, queryWith(more)).outcome;
    assert.ok(!ended.ok, 'it was taken');
    assert.equal(ended.job, 'settled', ended.detail);
    await until(() => warehouse.openSockets <= 1);
    return ended;
  };

  test('as a reply is stopped while it comes', async () => {
    const { code, detail } = await refusal(() => ({ bytes: MAX_REPLY_BYTES * 2 }));
    assert.equal(code, 'result-too-large');
    assert.match(detail, /reply/);
  });

  test('in its cells is stopped at the page that is too much', async () => {
    const row = z.object({ id: z.string() });
    const page = {
      rows: [{ f: [{ v: 'x'.repeat(MAX_REPLY_BYTES / 3) }] }],
      schema: { fields: [{ name: 'id', type: 'STRING' }] },
      totalRows: '9',
      pageToken: 'more',
    };
    const pages: number[] = [];
    const { code } = await refusal(
      (call) => {
        pages.push(call);
        return resultOf([], page);
      },
      { row },
    );
    assert.equal(code, 'result-too-large');
    assert.equal(pages.length, 3);
  });

  test('by its number of pages is stopped, whether they have rows or none', async () => {
    const endless = { totalRows: '5', pageToken: 'more' };
    const rows = await refusal(() => resultOf([1, 2], endless), { policy: { maxRows: 5 } });
    assert.equal(rows.code, 'result-too-large');
    const empty = await refusal(() => resultOf([], endless));
    assert.equal(empty.code, 'bad-result');
  });

  test('as an entry is not stored', async () => {
    const row = z.object({ id: z.string() });
    const transform = () =>
      Array.from({ length: 20 }, () => ({ id: crypto.randomUUID().repeat(100_000) }));
    const fields = [{ name: 'id', type: 'STRING' }];
    const { code } = await refusal(() => resultOf([], { schema: { fields } }), { row, transform });
    assert.equal(code, 'result-too-large');
  });

  test('when it is compressed is not stored either', async () => {
    const row = z.object({ id: z.string() });
    const transform = () => [{ id: randomBytes(MAX_STORED_BYTES + 1).toString('base64') }];
    const fields = [{ name: 'id', type: 'STRING' }];
    const { code } = await refusal(() => resultOf([], { schema: { fields } }), { row, transform });
    assert.equal(code, 'result-too-large');
  });
});
