import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../until.ts';
import { settling } from './with-redis.ts';

const ROLE = fileURLToPath(new URL('./fixtures/role.ts', import.meta.url));

describe('a role as a process', () => {
  test('says that it is ready, and where', async (t) => {
    const role = start(t);
    const [message] = await settling(once(role.process, 'message'));
    assert.deepEqual(message, { ready: true, addresses: { test: 'http://127.0.0.1:1' } });
  });

  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    test(`stops cleanly on ${signal}`, async (t) => {
      const role = start(t);
      await settling(once(role.process, 'message'));
      role.process.kill(signal);
      assert.deepEqual(await settling(role.exit), { code: 0, signal: null });
      assert.equal(role.text('stdout').match(/disposed/g)?.length, 1);
    });
  }

  test('goes on with its stop when it is told a second time', async (t) => {
    const role = start(t, { STOPS_FOR_MS: '300' });
    await settling(once(role.process, 'message'));
    role.process.kill('SIGTERM');
    await until(() => role.text('stdout').includes('stopping'));
    role.process.kill('SIGTERM');
    assert.deepEqual(await settling(role.exit), { code: 0, signal: null });
    assert.equal(role.text('stdout').match(/disposed/g)?.length, 1);
  });

  test('stops cleanly when its parent is gone', async (t) => {
    const role = start(t);
    await settling(once(role.process, 'message'));
    role.process.disconnect();
    assert.deepEqual(await settling(role.exit), { code: 0, signal: null });
    assert.match(role.text('stdout'), /disposed/);
  });

  test('stops although something that it did not close keeps it alive', async (t) => {
    const role = start(t, { LEAVES_OPEN: '1' });
    await settling(once(role.process, 'message'));
    role.process.kill('SIGTERM');
    assert.deepEqual(await settling(role.exit), { code: 0, signal: null });
  });

  test('ends with code 2 and every problem when its settings are wrong', async (t) => {
    const role = start(t, { PORT: 'x', WORKERS: '0' });
    assert.deepEqual(await settling(role.exit), { code: 2, signal: null });
    assert.match(role.text('stderr'), /PORT: expected .*, got "x"\n.*WORKERS: expected .*"0"/);
    assert.doesNotMatch(role.text('stderr'), /\bat /);
  });

  test('ends with code 1 when it cannot start, whatever it has opened', async (t) => {
    const role = start(t, { FAILS_WITH: 'no threads today' });
    assert.deepEqual(await settling(role.exit), { code: 1, signal: null });
    assert.match(role.text('stderr'), /no threads today/);
  });
});

function start(t: TestContext, env: Record<string, string> = {}) {
  const child = fork(ROLE, { env, silent: true });
  t.after(() => child.kill('SIGKILL'));
  const output = { stdout: '', stderr: '' };
  child.stdout?.on('data', (chunk) => (output.stdout += String(chunk)));
  child.stderr?.on('data', (chunk) => (output.stderr += String(chunk)));
  return {
    process: child,
    exit: exitOf(child),
    text: (stream: keyof typeof output) => output[stream],
  };
}

/** How it ended, once all that it said has been read. A child that was disconnected never emits `close`. */
async function exitOf(child: ChildProcess) {
  const streams = [child.stdout, child.stderr].filter((stream) => stream !== null);
  const read = streams.map((stream) => once(stream, 'end'));
  const [code, signal] = await once(child, 'exit');
  await Promise.all(read);
  return { code, signal };
}
