import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { leftovers } from '../leftovers.ts';
import { until } from '../until.ts';
import { withStack } from '../with-stack.ts';

const home = '/api/v1/home/recommendations?limit=4';

describe('the stack of a test', () => {
  test('answers, shows what the warehouse was asked, and keeps the logs at hand', async () => {
    await using stack = await withStack();
    const { status, body, headers } = await stack.get(home);
    assert.equal(status, 200);
    assert.ok(body.data.recommended.length > 0);
    assert.match(headers.get('content-type') ?? '', /^application\/json/);
    assert.ok((await stack.jobs()).length > 0);
    await stack.forgetJobs();
    assert.deepEqual(await stack.jobs(), []);
    assert.notEqual(await stack.log('worker'), '');
  });

  test('passes faults on to the warehouse and shows a refused one', async () => {
    await using stack = await withStack({ scale: 0 });
    await stack.faults([{ match: { query: 'home-*' }, latencyMs: 10 }]);
    await stack.faults([]);
    await assert.rejects(stack.faults([{ latencyMs: 'long' }]), /faults refused/);
  });

  test('brings every part back at its address after a kill', async () => {
    await using stack = await withStack({ scale: 0 });
    const { gateway, workers, emulator, redis } = stack;
    for (const part of [redis.queue, redis.cache, emulator, ...workers, gateway]) {
      assert.ok(part !== undefined);
      const before = part.ready;
      await part.kill();
      await part.restart();
      assert.deepEqual(part.ready, before, part.name);
    }
    await until(async () => (await stack.get('/healthz')).status === 200);
  });

  test('takes everything with it', async () => {
    const stack = await withStack({ scale: 0, workers: 2, env: { GATEWAY_PROCESSES: '2' } });
    assert.ok((await leftovers(stack.dataFolder)).length >= 8);
    await stack.stop();
    assert.deepEqual(await leftovers(stack.dataFolder), []);
  });
});
