import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { createQueryTables } from '../../shared/epochs/query-tables.ts';
import { connectRedis } from '../../shared/redis/connect.ts';
import { EPOCHS_KEY } from '../../shared/redis/keys.ts';
import { connectWarehouse } from '../../workers/thread/connect-warehouse.ts';
import { getFrom } from '../get.ts';
import { until } from '../until.ts';
import { withClaims } from './with-claims.ts';

const PERIOD_MS = 1_000;
const SALES = 'punctual.shop.sales';

describe('the tables behind queries', async () => {
  const stack = await withClaims({ env: { TABLE_WATCH: `${PERIOD_MS}ms` }, workers: 2 });
  const open = (url: string) => connectRedis(url, 'subscriber', { onError: () => {} });
  const [cache, queue] = [open(stack.redis.cacheUrl), open(stack.redis.queueUrl)];
  after(async () => {
    cache.disconnect();
    queue.disconnect();
    await stack.stop();
  });
  const warehouse = connectWarehouse({
    projectId: 'punctual',
    location: undefined,
    emulatorUrl: stack.addresses.emulator,
  });
  const sell = () => warehouse.query("INSERT INTO shop.sales VALUES ('coat', 2, 80.0)");
  const epochOf = async (query: string) => {
    const text = (await cache.hget(EPOCHS_KEY, `query:${query}`)) ?? '0,0,0';
    const [soft = 0, purge = 0, unchangedAt = 0] = text.split(',').map(Number);
    return { soft, purge, unchangedAt };
  };
  const untilConfirmed = (query: string, sinceMs: number) =>
    until(async () => {
      const epoch = await epochOf(query);
      return epoch.unchangedAt > sinceMs && epoch;
    });

  test('are known for every query, as the warehouse names them', async () => {
    const known = createQueryTables(queue);
    const tables = await until(async () => {
      const found = await known.read();
      const queries = ['sold-in-all', 'sold-by-time', 'steady'];
      return queries.every((query) => found.has(query)) && found;
    });
    assert.deepEqual(tables.get('sold-in-all')?.tables, [SALES]);
    assert.deepEqual(tables.get('sold-by-time')?.tables, [SALES]);
    assert.deepEqual(tables.get('steady')?.tables, []);
  });

  test('are confirmed period after period while they are unchanged, and for nobody who has not asked for it', async () => {
    const first = await untilConfirmed('sold-in-all', 0);
    const second = await untilConfirmed('sold-in-all', first.unchangedAt);
    const third = await untilConfirmed('sold-in-all', second.unchangedAt);
    assert.ok(third.unchangedAt - first.unchangedAt < 6 * PERIOD_MS);
    assert.deepEqual(third, { ...first, unchangedAt: third.unchangedAt });
    assert.deepEqual(await epochOf('sold-by-time'), { soft: 0, purge: 0, unchangedAt: 0 });
  });

  test('end, when one changes, the freshness of just those who read it, once', async () => {
    const before = await untilConfirmed('sold-in-all', 0);
    const stock = await untilConfirmed('in-stock', 0);
    await sell();
    const changed = await until(async () => {
      const epoch = await epochOf('sold-in-all');
      return epoch.soft > before.soft && epoch;
    });
    assert.ok(changed.soft > before.unchangedAt);
    assert.equal(changed.purge, 0);
    const later = await untilConfirmed('sold-in-all', changed.soft);
    assert.equal(later.soft, changed.soft);
    const { soft, unchangedAt } = await epochOf('in-stock');
    assert.equal(soft, stock.soft);
    assert.ok(unchangedAt > stock.unchangedAt);
    assert.deepEqual(await epochOf('sold-by-time'), { soft: 0, purge: 0, unchangedAt: 0 });
  });

  test('are no longer confirmed while they cannot be read, and are again after', async () => {
    const { soft } = await untilConfirmed('in-stock', 0);
    await stack.faults([{ match: { route: 'table' }, http: { emptyOk: true } }]);
    const obstacle =
      /^punctual_table_watch_obstacles\{query="in-stock",obstacle="unreadable"\} 1$/m;
    await until(async () => obstacle.test(await metrics()), { withinMs: 30_000 });
    const { unchangedAt } = await epochOf('in-stock');
    await stack.faults([]);
    const { soft: softAfter } = await untilConfirmed('in-stock', unchangedAt);
    assert.equal(softAfter, soft);
  });

  test('are watched on by the other worker when either is killed', async () => {
    for (const worker of stack.workers) {
      await worker.kill();
      const { unchangedAt } = await epochOf('in-stock');
      await until(async () => (await epochOf('in-stock')).unchangedAt > unchangedAt, {
        withinMs: 60_000,
      });
      await worker.restart();
    }
  });

  test('keep an answer fresh while they are unchanged, and put a new row into it within a period and a flight', async () => {
    const asked = { query: 'sold-in-all', parameters: { atLeast: 1 } };
    const { body: first } = await stack.ask(asked);
    await untilConfirmed('sold-in-all', Date.parse(first.meta.asOf));
    await until(async () => {
      const { body } = await stack.ask(asked);
      assert.equal(body.meta.source, 'fresh');
      assert.equal(body.meta.asOf, first.meta.asOf);
      return body.meta.ageSeconds > 4;
    });
    assert.equal((await stack.jobsOf(asked)).length, 1);
    await sell();
    await until(async () => {
      const { body } = await stack.ask(asked);
      return body.data[0].lines === first.data[0].lines + 1;
    });
    assert.equal((await stack.jobsOf(asked)).length, 2);
  });

  /** The metrics of all workers. */
  async function metrics(): Promise<string> {
    const urls = stack.workers.map(({ ready }) => `${ready['worker']}/metrics`);
    const texts = await Promise.all(urls.map((url) => getFrom(url)));
    return texts.map(({ text }) => text).join('\n');
  }
});
