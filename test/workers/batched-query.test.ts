import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { BigQuery } from '@google-cloud/bigquery';
import { z } from 'zod';
import { createEmulator } from '../../emulator/server.ts';
import { checkQuery } from '../../shared/catalog/check-query.ts';
import type { Query } from '../../shared/catalog/catalog.ts';
import { epochOf, monotonicClock } from '../../shared/clock.ts';
import { decodeEntry } from '../../shared/entry/codec.ts';
import type { Parameters } from '../../shared/fingerprint.ts';
import { batchCargo } from '../../workers/thread/cargo.ts';
import { collectBatch } from '../../workers/thread/collect-batch.ts';
import { connectWarehouse } from '../../workers/thread/connect-warehouse.ts';
import { flyQuery } from '../../workers/thread/fly-query.ts';
import { awaitFirstPage, startJob } from '../../workers/thread/warehouse-job.ts';
import { DATA_DIR, TODAY } from '../catalog/with-warehouse.ts';

const FINGERPRINT = 'f'.repeat(64);
const { signal } = new AbortController();

const query = batched(
  `SELECT key AS word, number FROM UNNEST(@word) AS key, UNNEST(GENERATE_ARRAY(1, @count)) AS number
   WHERE key != 'none' ORDER BY number, key`,
);

let emulator: Awaited<ReturnType<typeof createEmulator>>;
let client: BigQuery;
before(async () => {
  emulator = await createEmulator({
    port: 0,
    host: '127.0.0.1',
    scale: 0,
    seed: 1,
    dataDir: DATA_DIR,
    today: TODAY,
    logLevel: 'warn',
  });
  const { url: emulatorUrl } = emulator;
  client = connectWarehouse({ projectId: 'p', location: undefined, emulatorUrl });
});
after(() => emulator[Symbol.asyncDispose]());

describe('a query with a batch', () => {
  test('flies for many keys, and each gets an entry of its own', async () => {
    const words = ['b', 'none', 'c'];
    const members = words.map((word, index) => ({
      fingerprint: String(index).repeat(64),
      parameters: { word, count: 3 },
    }));
    const cargo = batchCargo(query, 'word', members);
    const outcome = await flyQuery(client, query, taskWith({}), cargo, signal);
    assert.ok(outcome.ok, JSON.stringify(outcome));
    for (const [index, member] of (outcome.members ?? []).entries()) {
      assert.ok(member.ok);
      const bytes = Buffer.from(outcome.bytes.slice(member.from, member.to));
      const decoded = await decodeEntry(bytes, members[index]?.fingerprint ?? '');
      assert.ok(decoded.ok);
      const rows = words[index] === 'none' ? [] : numbers(3);
      assert.deepEqual(JSON.parse(String(decoded.entry.rows)), rows);
    }
    assert.equal(outcome.members?.length, 3);
  });

  test('gives many keys their rows in one job of several pages', async () => {
    const keys = ['a', 'é', 'none', "it's"];
    const common = { count: 5_000 };
    const { job } = await startJob(client, query, taskWith({ ...common, word: keys }), signal);
    const first = await awaitFirstPage(job, signal);
    assert.ok(first.nextToken !== undefined);
    const finished = { job, first, signal, onLastPage: () => undefined };
    const collected = await collectBatch(finished, query, {
      parameters: common,
      keys,
      isShared: false,
    });
    assert.ok(collected.ok, JSON.stringify(collected));
    for (const key of keys)
      assert.deepEqual(collected.byKey.get(key), {
        ok: true,
        rows: key === 'none' ? [] : numbers(common.count),
      });
  });
});

function batched(sql: string): Query {
  const checked = checkQuery(
    {
      name: 'words',
      summary: 'Numbers for a word.',
      parameters: z.object({ word: z.string(), count: z.int() }),
      row: z.strictObject({ number: z.int() }),
      batch: { by: 'word' },
    },
    sql,
  );
  assert.ok(checked.ok, JSON.stringify(checked));
  return checked.query;
}

function taskWith(parameters: Parameters) {
  return {
    fingerprint: FINGERPRINT,
    query: query.name,
    parameters,
    warehouseJobId: crypto.randomUUID(),
    budgetMs: 60_000,
    epochMs: epochOf(monotonicClock),
  };
}

function numbers(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({ number: index + 1 }));
}
