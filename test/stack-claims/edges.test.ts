import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type RawSocket, rawSocket, statusesIn } from '../gateway/http/raw-socket.ts';
import { getFrom } from '../get.ts';
import { until } from '../until.ts';
import { withClaims } from './with-claims.ts';

const GET = (path: string, ...headers: string[]) =>
  ['GET', ` ${path} HTTP/1.1\r\nHost: a\r\n`, ...headers.map((one) => `${one}\r\n`), '\r\n'].join(
    '',
  );

describe('the edges of a gateway', async () => {
  const stack = await withClaims({ env: { GATEWAY_PROCESSES: '2', ANSWER_WITHIN: '8s' } });
  after(() => stack.stop());
  const { gateway, admin } = stack.addresses;
  assert.ok(gateway && admin);
  const servingPids = async () => {
    const log = await stack.log('gateway');
    return [...log.matchAll(/"pid":(\d+),"address":.*"gateway process is up"/g)].map(([, pid]) =>
      Number(pid),
    );
  };
  const metric = async (pattern: RegExp) =>
    pattern.exec((await getFrom(`${admin}/metrics`)).text)?.[1];

  test('never show the page of somebody else: every refusal is problem details', async () => {
    const asked = {
      '/nothing': 404,
      '/api/v1/queries/%E0%A4': 404,
      '/api/v1/queries/bare': 400,
      '/%00': 404,
      '//': 404,
    };
    for (const [path, status] of Object.entries(asked)) {
      using raw = await rawSocket(gateway);
      raw.write(GET(path, 'Connection: close'));
      await raw.closed;
      assert.deepEqual(statusesIn(raw.text()), [status], path);
      assert.match(raw.text(), /content-type: application\/problem\+json/i, path);
      assert.doesNotMatch(raw.text(), /<html|\bat .*:\d+:\d+/i, path);
    }
  });

  test('note a client that has left as 499', async () => {
    await stack.faults([{ match: { query: 'patient' }, hang: true }]);
    using raw = await rawSocket(gateway);
    raw.write(GET('/api/v1/queries/patient?key=left'));
    await until(
      async () => (await stack.jobsOf({ query: 'patient', parameters: { key: 'left' } })).length,
    );
    raw.socket.destroy();
    await until(() =>
      metric(/^punctual_requests_total\{route="\/api\/v1\/queries\/:name",status="499"\} (1)$/m),
    );
    await stack.faults([]);
  });

  test('cut who does not take his answer, and count it', async () => {
    const asked = { query: 'bare', parameters: { key: 'large' } };
    const filler = 'x'.repeat(1_000);
    const rows = Array.from({ length: 20_000 }, (_, row) => ({ key: `${row}`, stamp: filler }));
    await stack.put(asked, rows, 0);
    using raw = await rawSocket(gateway);
    raw.socket.pause();
    raw.write(GET('/api/v1/queries/bare?key=large', 'Request-Timeout: 3'));
    await until(() => metric(/^punctual_faults_total\{kind="slow-reader"\} (1)$/m));
    raw.socket.resume();
    await raw.closed;
    assert.ok(raw.text().length < 20_000_000);
  });

  test('put another process in the place of one that is killed, and count it', async () => {
    assert.equal(await metric(/^punctual_gateway_restarts_total (\d+)$/m), '0');
    const pid = await until(async () => (await servingPids())[0]);
    process.kill(pid, 'SIGKILL');
    await until(async () => (await metric(/^punctual_gateway_restarts_total (\d+)$/m)) === '1');
    await until(async () => (await servingPids()).length === 3);
    assert.equal((await getFrom(`${gateway}/healthz`)).status, 200);
  });

  test('finish what is under way when the whole group is told to stop, and say that nobody should come', async () => {
    await stack.faults([{ match: { query: 'behind' }, latencyMs: 2_500 }]);
    using waiting = await rawSocket(gateway);
    waiting.write(GET('/api/v1/queries/behind?key=stopped'));
    const asked = { query: 'behind', parameters: { key: 'stopped' } };
    await until(async () => (await stack.jobsOf(asked)).length);
    const kept = await Promise.all([rawSocket(gateway), rawSocket(gateway)]);
    for (const raw of kept) raw.write(GET('/readyz'));
    for (const raw of kept) await until(() => statusesIn(raw.text()).length === 1);

    process.kill(-stack.gateway.pid, 'SIGTERM');
    // Who asks only once may ask before the signal has come, or when nobody listens any more.
    await Promise.all(kept.map(askUntilUnavailable));
    await until(async () => (await stack.log('gateway')).match(/"stopping"/g)?.length === 3);
    for (const raw of kept) {
      await raw.closed;
      const statuses = statusesIn(raw.text());
      assert.equal(statuses.pop(), 503);
      assert.deepEqual([...new Set(statuses)], [200]);
      assert.match(raw.text(), /"stopping":true/);
      assert.match(raw.text(), /connection: close/i);
    }
    await waiting.closed;
    assert.deepEqual(statusesIn(waiting.text()), [200]);
    assert.match(waiting.text(), /connection: close/i);
    assert.match(waiting.text(), /"source":"live"/);
    await until(() => !stack.gateway.isRunning());
    const log = await stack.log('gateway');
    assert.deepEqual(
      [...log.matchAll(/"code":(\S+),"signal":"?(\w+)"?.*died/g)].map(([, , signal]) => signal),
      ['SIGKILL'],
    );
  });
});

/** Asks whether it is ready again and again, each time when the last answer has come. */
async function askUntilUnavailable(raw: RawSocket): Promise<void> {
  let asked = statusesIn(raw.text()).length;
  await until(() => {
    const statuses = statusesIn(raw.text());
    if (statuses.at(-1) === 503) return true;
    if (statuses.length < asked) return false;
    asked += 1;
    raw.write(GET('/readyz'));
    return false;
  });
}
