import assert from 'node:assert/strict';
import { after, afterEach, describe, test } from 'node:test';
import { until } from '../until.ts';
import { type Asked, pathOf, withClaims } from './with-claims.ts';

describe('a flight whose waiters leave', async () => {
  const stack = await withClaims({ env: { GATEWAY_PROCESSES: '2' } });
  after(() => stack.stop());
  afterEach(() => stack.faults([]));
  const hang = (query: string) => stack.faults([{ match: { query }, hang: true }]);
  const slow = (query: string, latencyMs: number) =>
    stack.faults([{ match: { query }, latencyMs }]);
  const isFlying = async (asked: Asked) => (await stack.jobsOf(asked)).length === 1;
  const isCancelled = async (asked: Asked) => (await stack.jobsOf(asked))[0]?.cancelled === true;
  /** A caller who hangs up when he is told to. */
  const caller = (asked: Asked) => {
    const leaving = new AbortController();
    const left = fetch(`${stack.addresses.gateway}${pathOf(asked)}`, { signal: leaving.signal });
    return {
      async leave() {
        leaving.abort();
        await assert.rejects(left);
      },
    };
  };

  test('is cancelled in the warehouse when the only one hangs up', async () => {
    await hang('bare');
    const asked = { query: 'bare', parameters: { key: 'hangs up' } };
    const only = caller(asked);
    await until(() => isFlying(asked));
    await only.leave();
    await until(() => isCancelled(asked), { withinMs: 5_000 });
  });

  test('is cancelled when time is up for the only one, long before the query runs out of its own', async () => {
    await hang('bare');
    const asked = { query: 'bare', parameters: { key: 'in a hurry' } };
    const { body } = await stack.ask(asked, { 'Request-Timeout': '3' });
    assert.equal(body.code, 'timeout');
    // By itself it would be cancelled seven seconds from here at the earliest.
    await until(() => isCancelled(asked), { withinMs: 5_000 });
  });

  test('goes on while anybody waits, whichever gateway process he came to', async () => {
    await slow('bare', 5_000);
    const asked = { query: 'bare', parameters: { key: 'some stay' } };
    const staying = stack.ask(asked);
    await until(() => isFlying(asked));
    const callers = Array.from({ length: 8 }, () => caller(asked));
    // The system deals connections out as it likes: all of these may have come to one process.
    await until(
      async () => {
        if ((await stack.watchersOf(asked)) === 2) return true;
        callers.push(caller(asked));
        return false;
      },
      { everyMs: 100, what: 'both gateway processes wait for it' },
    );
    await Promise.all(callers.map((one) => one.leave()));
    const { status, body } = await staying;
    assert.equal(status, 200);
    assert.equal(body.meta.source, 'live');
    assert.deepEqual(
      (await stack.jobsOf(asked)).map(({ cancelled }) => cancelled),
      [false],
    );
  });

  test('goes on when it refreshes something stale: the next one gets what it brings', async () => {
    await slow('patient', 2_500);
    const asked = { query: 'patient', parameters: { key: 'refreshed' } };
    const asOf = await stack.put(asked, [{ key: 'refreshed', stamp: 'old' }], 3_600_000);
    const { body } = await stack.ask(asked);
    assert.deepEqual([body.meta.source, body.data[0].stamp], ['stale', 'old']);
    await stack.untilNewer(asked, asOf);
    assert.equal((await stack.ask(asked)).body.meta.source, 'fresh');
  });

  test('goes on when its query harvests, though everybody has left', async () => {
    await slow('harvested', 2_500);
    const asked = { query: 'harvested', parameters: { key: 'everybody left' } };
    const only = caller(asked);
    await until(() => isFlying(asked));
    await only.leave();
    await stack.untilNewer(asked, 0);
    assert.equal(await isCancelled(asked), false);
  });

  test('and that no worker has taken yet is never run', async () => {
    const [worker] = stack.workers;
    await worker?.stop();
    const asked = { query: 'bare', parameters: { key: 'never run' } };
    const only = caller(asked);
    await until(async () => (await stack.queueKeys()).some((key) => key.endsWith(':live:wait')));
    await only.leave();
    await worker?.restart();
    const other = { query: 'bare', parameters: { key: 'run after' } };
    assert.equal((await stack.ask(other)).status, 200);
    assert.deepEqual(await stack.jobsOf(asked), []);
  });
});
