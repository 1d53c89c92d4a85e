import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startChild } from '../../stack/child.ts';
import { keepRunning } from '../../stack/keep-running.ts';
import { type ProcessPlan, startManaged } from '../../stack/managed-process.ts';
import { leftovers } from '../leftovers.ts';
import { until } from '../until.ts';

const marker = `managed-process-test-${process.pid}`;
const env = { ...process.env, PUNCTUAL_TEST_STACK: marker };

describe('a managed process', () => {
  test('that is not ready in time is stopped and named', async () => {
    await assert.rejects(startManaged(plan('sleep 60', { readyWithinMs: 50, isReady: false })), {
      name: 'StackError',
      message: /^sleeper was not ready within 0\.05 s/,
    });
  });

  test('that dies before it is ready is shown with its exit code and its last lines', async () => {
    await assert.rejects(startManaged(plan('echo no room >&2; exit 3', { isReady: false })), {
      name: 'StackError',
      message: 'sleeper ended with exit code 3 before it was ready\n  no room',
    });
  });

  test('that cannot be run at all is a failed start', async () => {
    const impossible = {
      ...plan(''),
      launch: () => startChild({ command: '/no/such', args: [], env: {} }),
    };
    await assert.rejects(startManaged(impossible), /ENOENT/);
  });

  test('that ignores SIGTERM is killed after its bound, with all that it started', async () => {
    const stubborn = await startManaged(
      plan('trap "" TERM; echo up; while :; do sleep 60; done', { stopWithinMs: 50 }),
    );
    await until(() => stubborn.lastLines().includes('up'));
    await stubborn.stop();
    assert.equal(stubborn.isRunning(), false);
    assert.deepEqual(await leftovers(marker), []);
  });

  test('reports an end that nobody asked for, and no other', async () => {
    const crashes: unknown[] = [];
    const sleeper = await startManaged(plan('exec sleep 60'));
    sleeper.onCrash((exit) => crashes.push(exit));
    await sleeper.restart();
    await sleeper.kill();
    await until(() => crashes.length > 0);
    await sleeper.restart();
    await sleeper.stop();
    assert.deepEqual(crashes, [{ code: null, signal: 'SIGKILL' }]);
  });
});

describe('a process that is kept running', () => {
  test('is started again with a wait that doubles with every crash in a row, up to a bound', async () => {
    const said: string[] = [];
    const care = new AbortController();
    const brief = await startManaged(plan('sleep 0.01; exit 5'));
    const waits = { firstWaitMs: 10, longestWaitMs: 30, healthyAfterMs: 60_000 };
    keepRunning(brief, { say: (text) => said.push(text), signal: care.signal, ...waits });
    await until(() => said.filter((text) => text.startsWith('sleeper ended')).length >= 4);
    care.abort();
    await brief.stop();
    assert.deepEqual(
      said.filter((text) => text.startsWith('sleeper ended')).slice(0, 4),
      [0.01, 0.02, 0.03, 0.03].map(
        (seconds) => `sleeper ended with exit code 5; starting it again in ${seconds} s`,
      ),
    );
  });
});

function plan(
  script: string,
  options: { readyWithinMs?: number; stopWithinMs?: number; isReady?: boolean } = {},
): ProcessPlan<string> {
  const { readyWithinMs = 10_000, stopWithinMs = 5000, isReady = true } = options;
  return {
    name: 'sleeper',
    readyWithinMs,
    stopWithinMs,
    launch: () => startChild({ command: '/bin/sh', args: ['-c', script], env }),
    waitUntilReady: () => (isReady ? Promise.resolve('ready') : new Promise(() => undefined)),
  };
}
