import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { epochOf, monotonicClock } from '../../shared/clock.ts';
import { decodeEntry } from '../../shared/entry/codec.ts';
import { type QueryThreads, startQueryThreads } from '../../workers/query-threads.ts';
import type { QueryOutcome } from '../../workers/thread/task.ts';
import { type TemporaryCatalog, temporaryCatalog } from '../catalog/temporary-catalog.ts';
import { until } from '../until.ts';
import { threadQueries } from './thread-queries.ts';
import { NOT_READY, startThreadWarehouse, type ThreadWarehouse } from './thread-warehouse.ts';

const FINGERPRINT = 'f'.repeat(64);
const MAX_HEAP_MB = 128;

interface Threads extends AsyncDisposable {
  readonly warehouse: ThreadWarehouse;
  readonly catalog: TemporaryCatalog;
  readonly threads: QueryThreads;
  readonly errors: readonly string[];
  run(query: string, how?: { alone?: boolean; budgetMs?: number }): Promise<QueryOutcome>;
  /** A task that ends only with its thread, or when it is stopped. */
  hang(): {
    readonly outcome: Promise<QueryOutcome>;
    readonly isPolled: () => boolean;
    readonly stop: () => void;
  };
}

async function withThreads(count: number): Promise<Threads> {
  const warehouse = await startThreadWarehouse();
  const catalog = await temporaryCatalog(threadQueries);
  const errors: string[] = [];
  const data = {
    warehouse: { projectId: 'p', location: undefined, emulatorUrl: warehouse.url },
    catalogFolder: catalog.folder,
  };
  const note = (text: string) => void errors.push(text);
  const news = { onError: note, onEnd: note };
  const threads = await startQueryThreads(count, data, news, MAX_HEAP_MB);
  warehouse.answer('results', (jobId) => (jobId.startsWith('hang') ? NOT_READY : undefined));
  let jobs = 0;
  const taskOf = (query: string, warehouseJobId: string, budgetMs: number) => ({
    fingerprint: FINGERPRINT,
    query,
    parameters: { id: 1 },
    warehouseJobId,
    budgetMs,
    epochMs: epochOf(monotonicClock),
  });
  return {
    warehouse,
    catalog,
    threads,
    errors,
    run(query, { alone = false, budgetMs = 60_000 } = {}) {
      const task = taskOf(query, `${query}-${jobs++}`, budgetMs);
      return threads.run(task, new AbortController().signal, { alone });
    },
    hang() {
      const jobId = `hang-${jobs++}`;
      const stop = new AbortController();
      return {
        outcome: threads.run(taskOf('plain', jobId, 60_000), stop.signal),
        isPolled: () => warehouse.count('results', jobId) > 0,
        stop: () => stop.abort('cancel'),
      };
    },
    async [Symbol.asyncDispose]() {
      await threads.close();
      await warehouse[Symbol.asyncDispose]();
      await catalog[Symbol.asyncDispose]();
    },
  };
}

function assertDied(outcome: QueryOutcome, why: RegExp): void {
  assert.ok(!outcome.ok && outcome.died === true, JSON.stringify(outcome));
  assert.equal(outcome.code, 'internal');
  assert.match(outcome.detail, why);
}

function assertRan(outcome: QueryOutcome): asserts outcome is QueryOutcome & { ok: true } {
  assert.ok(outcome.ok, JSON.stringify(outcome));
}

const deaths = {
  // Shortly before its end a starved thread does nothing but collect garbage, and on a slow machine makes no beat then.
  glutton: /memory limit|no beat/,
  leaver: /exited with code: 3/,
  spinner: /no beat/,
};

describe('query threads', () => {
  test('give an entry that can be stored', async () => {
    await using stack = await withThreads(1);
    const outcome = await stack.run('plain');
    assertRan(outcome);
    const decoded = await decodeEntry(Buffer.from(outcome.bytes), FINGERPRINT);
    assert.ok(decoded.ok);
    assert.equal(decoded.entry.rows.toString(), '[{"id":1}]');
  });

  for (const [query, why] of Object.entries(deaths)) {
    test(`a ${query} ends its thread and the neighbours in it, which say so, and the next task runs`, async () => {
      await using stack = await withThreads(1);
      const neighbour = stack.hang();
      await until(neighbour.isPolled);
      assertDied(await stack.run(query), why);
      // No pause: whoever comes right after a death finds a thread that loads.
      assertRan(await stack.run('plain'));
      assertDied(await neighbour.outcome, why);
      assert.ok(
        stack.errors.some((error) => why.test(error)),
        String(stack.errors),
      );
    });

    test(`a ${query} by itself ends nobody else`, async () => {
      await using stack = await withThreads(1);
      const neighbour = stack.hang();
      await until(neighbour.isPolled);
      assertDied(await stack.run(query, { alone: true }), why);
      neighbour.stop();
      const stopped = await neighbour.outcome;
      assert.ok(!stopped.ok && stopped.died === undefined && stopped.job === 'settled');
      assertRan(await stack.run('plain', { alone: true }));
    });
  }

  test('a death in one thread leaves the other one alone', async () => {
    await using stack = await withThreads(2);
    const neighbours = [stack.hang(), stack.hang()];
    await until(() => neighbours.every(({ isPolled }) => isPolled()));
    assertDied(await stack.run('leaver'), deaths.leaver);
    for (const { stop } of neighbours) stop();
    const ends = await Promise.all(neighbours.map(({ outcome }) => outcome));
    assert.equal(ends.filter((end) => !end.ok && end.died === true).length, 1);
  });

  test('more tasks that need a thread to themselves than there are threads wait for one', async () => {
    await using stack = await withThreads(1);
    const deadly = [0, 1, 2].map(() => stack.run('leaver', { alone: true }));
    const harmless = Array.from({ length: 6 }, () => stack.run('plain', { alone: true }));
    for (const outcome of await Promise.all(deadly)) assertDied(outcome, deaths.leaver);
    for (const outcome of await Promise.all(harmless)) assertRan(outcome);
  });

  test('a transform that throws is a bad result and no death, and a stray error is none either', async () => {
    await using stack = await withThreads(1);
    const thrown = await stack.run('thrower');
    assert.ok(!thrown.ok && thrown.code === 'bad-result' && thrown.died === undefined);
    assert.match(thrown.detail, /no such shape/);
    const neighbour = stack.hang();
    await until(neighbour.isPolled);
    assertRan(await stack.run('stray'));
    await until(() => stack.errors.some((error) => error.includes('gone astray')));
    neighbour.stop();
    const stopped = await neighbour.outcome;
    assert.ok(!stopped.ok && stopped.code === 'timeout');
  });

  test('a catalog that breaks while the process runs fails tasks at once, and heals with the catalog', async () => {
    await using stack = await withThreads(1);
    const broken = join(stack.catalog.folder, 'queries/broken.ts');
    await writeFile(broken, 'export default {;');
    assertDied(await stack.run('leaver'), deaths.leaver);
    const outcome = await stack.run('plain');
    assert.ok(!outcome.ok && outcome.code === 'internal' && outcome.died === undefined);
    await rm(broken);
    await until(async () => (await stack.run('plain')).ok);
  });

  test('do not start with a catalog that cannot be loaded, and say why', async () => {
    await using catalog = await temporaryCatalog({ 'queries/broken.ts': 'export default {;' });
    const warehouse = { projectId: 'p', location: undefined, emulatorUrl: 'http://127.0.0.1:1' };
    const data = { warehouse, catalogFolder: catalog.folder };
    await assert.rejects(startQueryThreads(2, data, { onError() {}, onEnd() {} }), /broken\.ts/);
  });

  test('cancel a job by its id, and say whether that is confirmed', async () => {
    await using stack = await withThreads(1);
    assert.equal(await stack.threads.cancel('somebodys'), true);
    assert.equal(stack.warehouse.count('cancel', 'somebodys'), 1);
    stack.warehouse.answer('cancel', () => ({ error: { status: 503, reason: 'backendError' } }));
    assert.equal(await stack.threads.cancel('somebodys'), false);
  });
});
