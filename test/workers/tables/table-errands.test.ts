import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, before, beforeEach, describe, test } from 'node:test';
import { type QueryThreads, startQueryThreads } from '../../../workers/query-threads.ts';
import { connectWarehouse } from '../../../workers/thread/connect-warehouse.ts';
import { lookAtTable } from '../../../workers/thread/look-at-table.ts';
import { queryFile, temporaryCatalog } from '../../catalog/temporary-catalog.ts';
import { type TestEmulator, withEmulator } from '../../emulator/rest/with-emulator.ts';

const ORDERS = 'punctual.shop.orders';
const DAY_MS = 24 * 3_600_000;

describe('what a query thread is asked about tables', () => {
  let emulator: TestEmulator;
  let threads: QueryThreads;
  const resources = new AsyncDisposableStack();
  before(async () => {
    emulator = resources.use(await withEmulator());
    const catalog = resources.use(
      await temporaryCatalog({
        'queries/sold.ts': queryFile('sold'),
        'queries/sold.sql': 'SELECT id FROM shop.orders WHERE @id IS NULL OR id = @id',
        'queries/lost.ts': queryFile('lost'),
        'queries/lost.sql': 'SELECT id FROM shop.nowhere WHERE id = @id',
      }),
    );
    const warehouse = { projectId: 'punctual', location: undefined, emulatorUrl: emulator.url };
    const quiet = { onError: () => undefined, onEnd: () => undefined };
    threads = await startQueryThreads(1, { warehouse, catalogFolder: catalog.folder }, quiet);
    resources.defer(() => threads.close());
  });
  after(() => resources.disposeAsync());
  beforeEach(async () => {
    await emulator.call('DELETE', '/emulator/faults');
  });
  const fault = (route: string, how: object) =>
    emulator.call('PUT', '/emulator/faults', [{ match: { route }, at: 'http', ...how }]);

  test('is which ones a query reads, by a dry run with its parameters unset', async () => {
    const planned = await threads.dryRun('sold');
    assert.deepEqual(planned, { ok: true, bytes: 32, reads: [ORDERS] });
    const lost = await threads.dryRun('lost');
    assert.match(lost.ok ? '' : lost.problem, /^notFound: .*nowhere/);
  });

  test('is when one last changed: a change is seen at once', async () => {
    const look = await threads.lookAtTable(ORDERS);
    assert.ok(look.kind === 'table' && Math.abs(Number(look.modified) - Date.now()) < DAY_MS);
    assert.equal(look.streaming, false);
    assert.deepEqual(await threads.lookAtTable(ORDERS), look);
    await emulator.client('punctual').query('INSERT INTO shop.orders (id) VALUES (9)');
    const later = await threads.lookAtTable(ORDERS);
    assert.ok(later.kind === 'table' && Number(later.modified) > Number(look.modified));
  });

  test('is whether it is a table at all', async () => {
    const writer = emulator.client('punctual');
    await writer.query('CREATE VIEW shop.seen AS SELECT id FROM shop.orders');
    assert.deepEqual(await threads.lookAtTable('punctual.shop.seen'), {
      kind: 'unwatchable',
      type: 'VIEW',
    });
    const missing = await threads.lookAtTable('punctual.shop.nowhere');
    assert.match(missing.kind === 'unreadable' ? missing.problem : '', /^notFound: /);
    const nameless = await threads.lookAtTable('nowhere');
    assert.equal(nameless.kind, 'unreadable');
  });

  for (const http of ['htmlOk', 'emptyOk', 'truncated', 'reset'])
    test(`does no harm when the reply is ${http}`, async () => {
      await fault('table', { http: { [http]: true } });
      assert.equal((await threads.lookAtTable(ORDERS)).kind, 'unreadable');
      await emulator.call('DELETE', '/emulator/faults');
      assert.equal((await threads.lookAtTable(ORDERS)).kind, 'table');
    });

  test('does no harm when a dry run is answered with a page, or cut off', async () => {
    for (const http of ['htmlOk', 'reset']) {
      await fault('insert', { http: { [http]: true } });
      assert.equal((await threads.dryRun('sold')).ok, false);
    }
    await emulator.call('DELETE', '/emulator/faults');
    assert.equal((await threads.dryRun('sold')).ok, true);
  });

  test('is not answered with what another call was told', async () => {
    await fault('table', { http: { previous: true } });
    await threads.lookAtTable('punctual.shop.seen');
    const second = await threads.lookAtTable(ORDERS);
    assert.match(
      second.kind === 'unreadable' ? second.problem : '',
      /answered about punctual.shop/,
    );
  });

  test('hangs for no longer than its bound', async () => {
    await fault('table', { hang: true });
    const begunAt = performance.now();
    assert.equal((await threads.lookAtTable(ORDERS)).kind, 'unreadable');
    assert.ok(performance.now() - begunAt < 8_000);
  });
});

describe('a table resource of BigQuery', () => {
  let resource: object = {};
  const asked: URL[] = [];
  const server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '', 'http://x'));
    const tableReference = { projectId: 'p', datasetId: 'd', tableId: 't' };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ tableReference, type: 'TABLE', ...resource }));
  });
  before(() => once(server.listen(0, '127.0.0.1'), 'listening'));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const look = (told: object) => {
    resource = told;
    const { port } = server.address() as { port: number };
    const emulatorUrl = `http://127.0.0.1:${port}`;
    const client = connectWarehouse({ projectId: 'own', location: undefined, emulatorUrl });
    return lookAtTable(client, 'p.d.t');
  };
  const lastModifiedTime = '1700000000000';

  test('is asked for by its own project, with the one view that dates changes, and little else', async () => {
    await look({ lastModifiedTime });
    const url = asked.at(-1);
    assert.match(url?.pathname ?? '', /\/projects\/p\/datasets\/d\/tables\/t$/);
    assert.equal(url?.searchParams.get('view'), 'STORAGE_STATS');
    assert.match(url?.searchParams.get('fields') ?? '', /lastModifiedTime/);
  });

  test('with a streaming buffer takes in a stream', async () => {
    const told = { lastModifiedTime, streamingBuffer: { estimatedRows: '3' } };
    assert.deepEqual(await look(told), {
      kind: 'table',
      modified: lastModifiedTime,
      streaming: true,
    });
  });

  test('of a snapshot is watched like a table', async () => {
    assert.deepEqual(await look({ type: 'SNAPSHOT', lastModifiedTime }), {
      kind: 'table',
      modified: lastModifiedTime,
      streaming: false,
    });
  });

  for (const type of ['VIEW', 'EXTERNAL', 'MATERIALIZED_VIEW', 'TOMORROWS_KIND'])
    test(`of type ${type} cannot be watched`, async () => {
      assert.deepEqual(await look({ type, lastModifiedTime }), { kind: 'unwatchable', type });
    });

  test('that does not say when the table changed cannot be read', async () => {
    for (const told of [{}, { lastModifiedTime: 'yesterday' }, { lastModifiedTime: null }])
      assert.equal((await look(told)).kind, 'unreadable');
  });
});
