import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { startTestRedis } from '../shared/with-redis.ts';

const entry = fileURLToPath(new URL('../../workers/main.ts', import.meta.url));

test('a worker refuses a queue whose Redis may evict jobs, and says so', async (t) => {
  await using redis = await startTestRedis('cache');
  const worker = spawn(process.execPath, [entry], {
    env: { ...process.env, REDIS_URL: redis.server.url, WORKER_PORT: '0', LOG_LEVEL: 'warn' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.after(() => worker.kill('SIGKILL'));
  const [said, [code]] = await Promise.all([text(worker.stderr), once(worker, 'exit')]);
  assert.equal(code, 2, said);
  assert.match(said, /REDIS_QUEUE_URL: expected .*noeviction, got one with allkeys-lfu/);
});
