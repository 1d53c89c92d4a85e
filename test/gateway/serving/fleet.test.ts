import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { describe, type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from '../../until.ts';

const FLEET = fileURLToPath(new URL('./fixtures/fleet.ts', import.meta.url));

describe('a fleet of serving processes', () => {
  test('is ready when all are, and knows where they listen and what they serve', async (t) => {
    const fleet = await start(t);
    assert.deepEqual(
      fleet.messages.find(({ ready }) => ready),
      {
        ready: true,
        addresses: { gateway: 'http://127.0.0.1:1', queries: 'one v 5, two v 5' },
      },
    );
    assert.deepEqual(await fleet.stop(), [0, null]);
  });

  test('consists of processes that V8 was told about', async (t) => {
    const fleet = await start(t);
    fleet.process.send({ do: 'tell' });
    for (const flag of [
      '--max-semi-space-size=16',
      '--max-inlined-bytecode-size-cumulative=4000',
      '--no-allocation-site-pretenuring',
    ])
      await until(() => fleet.output().includes(flag));
    assert.deepEqual(await fleet.stop(), [0, null]);
  });

  test('replaces a process that died, and later the one in its place', async (t) => {
    const fleet = await start(t);
    for (const lost of [1, 2, 3]) {
      fleet.process.send({ do: 'die' });
      await until(() => fleet.most('lost') >= lost && fleet.most('online') >= 2 + lost);
    }
    assert.match(fleet.output(), /"code":3,.*"delayMs":500,/);
    assert.deepEqual(await fleet.stop(), [0, null]);
  });

  test('kills and replaces a process whose event loop does not turn any more', async (t) => {
    const fleet = await start(t);
    fleet.process.send({ do: 'spin' });
    await until(() => fleet.most('lost') >= 1);
    // What it has written may come after what it has sent.
    for (const told of [/a gateway process is stuck and is killed/, /"signal":"SIGKILL"/])
      await until(() => told.test(fleet.output()));
    assert.deepEqual(await fleet.stop(), [0, null]);
  });

  test('stops although a process is stuck, and at once while another is still to be started', async (t) => {
    const fleet = await start(t);
    fleet.process.send({ do: 'die' });
    await until(() => fleet.most('lost') >= 1);
    fleet.process.send({ do: 'spin' });
    assert.deepEqual(await fleet.stop(), [0, null]);
  });

  test('is none when a process fails at the start: the supervisor ends, and nothing is left', async (t) => {
    const fleet = await start(t, { FAILS: 'yes' });
    assert.deepEqual(await fleet.ended, [1, null]);
    assert.match(fleet.output(), /not today/);
  });

  test('bears that the whole group is signalled while it stops', async (t) => {
    const fleet = await start(t);
    process.kill(-fleet.pid, 'SIGTERM');
    assert.deepEqual(await fleet.ended, [0, null]);
    assert.doesNotMatch(fleet.output(), /died/);
  });
});

async function start(t: TestContext, env: Record<string, string> = {}) {
  const child = fork(FLEET, { env: { ...env }, silent: true, detached: true });
  const { pid } = child;
  assert.ok(pid);
  const ended = once(child, 'exit');
  t.after(() => killGroup(pid));
  const output: string[] = [];
  const messages: { ready?: boolean; lost?: number; online?: number }[] = [];
  child.stdout?.on('data', (chunk) => output.push(String(chunk)));
  child.stderr?.on('data', (chunk) => output.push(String(chunk)));
  child.on('message', (message: object) => messages.push(message));
  await Promise.race([ended, until(() => messages.some(({ ready }) => ready))]);
  return {
    process: child,
    pid,
    ended,
    messages,
    output: () => output.join(''),
    most: (count: 'lost' | 'online') => Math.max(0, ...messages.map((one) => one[count] ?? 0)),
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
  };
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
