import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { clockFrom, epochOf, monotonicClock } from '../../shared/clock.ts';

describe('the time of another thread', () => {
  test('is that of the thread which it was handed over by', async () => {
    const ahead = { now: () => monotonicClock.now() + 3_600_000 };
    const before = ahead.now();
    const module = new URL('../../shared/clock.ts', import.meta.url).href;
    const worker = new Worker(
      `import { parentPort, workerData } from 'node:worker_threads';
       const { clockFrom } = await import(${JSON.stringify(module)});
       parentPort.postMessage(clockFrom(workerData).now());`,
      { eval: true, workerData: epochOf(ahead) },
    );
    const [there] = await once(worker, 'message');
    await worker.terminate();
    assert.ok(there >= before - 1 && there <= ahead.now() + 1, `${there - before}`);
  });

  test('is whole milliseconds', () => {
    assert.ok(Number.isInteger(clockFrom(0.3).now()));
  });
});
