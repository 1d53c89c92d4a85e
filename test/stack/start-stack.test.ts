import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, test } from 'node:test';
import { ConfigError } from '../../shared/config.ts';
import { signalIfAlive } from '../../stack/child.ts';
import { isPortFree } from '../../stack/port.ts';
import { startStack } from '../../stack/start-stack.ts';
import { getFrom } from '../get.ts';
import { leftovers } from '../leftovers.ts';
import { until } from '../until.ts';
import { withStack } from '../with-stack.ts';
import { brokenRole, standIns } from './fixtures/entries.ts';

describe('a stack', () => {
  test('runs every role with this Node.js and gives each its address', async () => {
    await using stack = await withStack({ entries: standIns });
    for (const address of Object.values(stack.addresses)) {
      assert.ok(address !== undefined);
      const { body } = await getFrom(address);
      assert.equal(body.node, process.version);
    }
    assert.equal(stack.redis.queue?.isRunning(), true);
    assert.equal(stack.redis.cache?.isRunning(), true);
  });

  test('starts as many workers as it is told', async () => {
    await using stack = await withStack({ entries: standIns, workers: 2 });
    assert.equal(new Set(stack.workers.map((worker) => worker.pid)).size, 2);
  });

  test('leaves no process and no port behind', async () => {
    const stack = await withStack({ entries: standIns });
    const redisPort = stack.redis.queue?.port ?? 0;
    const pids = [stack.gateway, ...stack.workers].map((role) => role.pid);
    await stack.stop();
    for (const pid of pids) assert.equal(signalIfAlive(-pid, 0), false);
    assert.equal(
      await isPortFree(Number(new URL(stack.addresses.gateway).port), '127.0.0.1'),
      true,
    );
    assert.equal(await isPortFree(redisPort, '127.0.0.1'), true);
  });

  test('stops what is frozen too', async () => {
    const stack = await withStack({ entries: standIns });
    stack.workers[0]?.freeze();
    stack.redis.cache?.freeze();
    await stack.stop();
    assert.equal(stack.workers[0]?.isRunning(), false);
  });

  test('brings a crashed role back at the same address', async () => {
    await using stack = await withStack({ entries: standIns, restartCrashed: true });
    const { gateway } = stack.addresses;
    const { pid } = (await getFrom(gateway)).body;
    await fetch(`${gateway}/crash`).catch(() => undefined);
    const next = await until(async () => (await getFrom(gateway)).body.pid);
    assert.notEqual(next, pid);
  });

  test('leaves a crashed role down when nobody asked for its return', async () => {
    await using stack = await withStack({ entries: standIns });
    const [worker] = stack.workers;
    await worker?.kill();
    assert.equal(worker?.isRunning(), false);
    await worker?.restart();
    assert.equal(worker?.isRunning(), true);
  });

  test('uses the Redis of the settings in place of its own', async () => {
    await using other = await withStack({ entries: standIns });
    const url = other.redis.queueUrl;
    await using stack = await withStack({ entries: standIns, env: { REDIS_URL: url } });
    assert.equal(stack.redis.queue, undefined);
    assert.equal(stack.redis.cacheUrl, url);
  });

  test('starts no emulator when the settings name a warehouse', async () => {
    await using stack = await withStack({ entries: standIns, env: { BIGQUERY_PROJECT: 'shop' } });
    assert.equal(stack.emulator, undefined);
    assert.equal(stack.addresses.emulator, undefined);
  });

  test('lists every wrong setting before anything is started', async () => {
    const env = { PORT: 'http', WORKERS: '0', DATA_DIR: '/nowhere/at/all' };
    await assert.rejects(startStack({ env }), (error) => {
      assert.ok(error instanceof ConfigError);
      assert.equal(error.problems.length, 2);
      return true;
    });
  });

  test('names a taken port and its setting', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    assert.ok(address !== null && typeof address === 'object');
    const PORT = String(address.port);
    await assert.rejects(withStack({ entries: standIns, env: { PORT } }), {
      name: 'StackError',
      message: `Port ${PORT} is taken: stop what listens there, or set PORT to another port.`,
    });
    server.close();
  });

  test('shows the last lines of a role that dies before it is ready, and leaves nothing running', async () => {
    let folder = '';
    const entries = { ...standIns, worker: brokenRole };
    await assert.rejects(withStack({ entries, onFolder: (path) => (folder = path) }), {
      name: 'StackError',
      exitCode: 2,
      message:
        'worker ended with exit code 2 before it was ready\n' +
        '  the catalog has 1 problem: home-trending has no SQL',
    });
    assert.deepEqual(await leftovers(folder), []);
  });

  test('refuses a data folder that another stack uses', async () => {
    await using stack = await withStack({ entries: standIns });
    const env = { PORT: '0', ADMIN_PORT: '0', EMULATOR_PORT: '0', DATA_DIR: stack.dataFolder };
    await assert.rejects(startStack({ env, entries: standIns }), {
      name: 'StackError',
      message: /^Another Punctual on this machine uses the data folder/,
    });
  });
});
