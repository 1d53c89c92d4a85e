import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { after, beforeEach, describe, test } from 'node:test';
import { startApart } from '../../apart/start-apart.ts';
import type { Invariant } from '../../finding.ts';
import type { Plan } from './plan.ts';
import type { ClientAnswers } from './main.ts';

type Planted = (response: ServerResponse, key: string) => void;

describe('the deadline client', async () => {
  let planted: Planted = honest;
  const server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '', 'http://planted');
    planted(response, searchParams.get('key') ?? '');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = await startApart<ClientAnswers>(new URL('./main.ts', import.meta.url));
  after(async () => {
    await client[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => client.ask('forget'));

  const { port } = server.address() as { port: number };
  const origin = `http://127.0.0.1:${port}`;
  const plan = (more: Partial<Plan> = {}): Plan => ({
    name: 'planted',
    origin,
    questions: [
      {
        path: '/q?key=k{n}',
        key: 'k{n}',
        bounds: { freshForMs: 60_000, staleForMs: 3_600_000 },
      },
    ],
    arrival: { kind: 'at-once', count: 3 },
    ...more,
  });
  const fire = async (server: Planted, more?: Partial<Plan>) => {
    planted = server;
    const exchanges = await client.ask('fire', plan(more));
    return { exchanges, verdict: await client.ask('verdict') };
  };
  const assertFinds = async (server: Planted, invariant: Invariant, more?: Partial<Plan>) => {
    const { verdict } = await fire(server, more);
    assert.deepEqual(
      [...new Set(verdict.findings.map((one) => one.invariant))],
      [invariant],
      JSON.stringify(verdict.findings),
    );
  };

  test('finds nothing wrong with an honest server, over kept connections and single ones', async () => {
    for (const keepAlive of [true, false]) {
      const { exchanges, verdict } = await fire(honest, { keepAlive });
      assert.deepEqual(verdict.findings, []);
      assert.equal(exchanges.length, 3);
      for (const exchange of exchanges) {
        assert.equal(exchange.outcome, 'fresh');
        assert.ok((exchange.firstByteMs ?? 9e9) <= (exchange.lastByteMs ?? 0));
      }
    }
    assert.equal((await client.ask('verdict')).asked, 6);
  });

  test('takes problem details for what they are', async () => {
    const { exchanges, verdict } = await fire((response) => sendProblem(response));
    assert.deepEqual(verdict.findings, []);
    assert.equal(exchanges[0]?.outcome, 'timeout');
  });

  const hurried = { path: '/q?key=k', key: 'k', headers: { 'Request-Timeout': '0.1' } };
  test('finds a late answer', () =>
    assertFinds((response, key) => setTimeout(() => honest(response, key), 1_300), 'I1', {
      questions: [hurried],
    }));

  test('finds a late last byte behind an early first one', () =>
    assertFinds(
      (response, key) => {
        const text = body(key);
        response.writeHead(200, { ...freshHeaders, 'content-length': text.length });
        response.write(text.slice(0, 10));
        setTimeout(() => response.end(text.slice(10)), 1_300);
      },
      'I1',
      { questions: [hurried] },
    ));

  test('finds an answer that never comes', () =>
    assertFinds(() => undefined, 'I1', {
      questions: [hurried],
      arrival: { kind: 'at-once', count: 1 },
    }));

  test('finds a reset, a close in the middle and a refused connection, unless they are expected', async () => {
    const reset: Planted = (response) => void response.socket?.resetAndDestroy();
    const half: Planted = (response) => {
      response.writeHead(200, { 'content-length': 100 });
      response.write('{');
      setTimeout(() => response.destroy(), 20);
    };
    await assertFinds(reset, 'I1');
    await assertFinds(half, 'I1');
    await assertFinds(honest, 'I1', { origin: 'http://127.0.0.1:1' });
    await client.ask('forget');
    const { verdict, exchanges } = await fire(reset, { tolerates: ['reset'] });
    assert.deepEqual(verdict.findings, []);
    assert.equal(exchanges[0]?.broken, 'reset');
  });

  test('finds HTML, half a JSON, an envelope without meta and an error that is no problem details', async () => {
    const send = (status: number, type: string, text: string): Planted => {
      return (response) => void response.writeHead(status, { 'content-type': type }).end(text);
    };
    await assertFinds(send(200, 'text/html', '<p>Sorry'), 'I2');
    await assertFinds(send(200, 'application/json', '{"data": ['), 'I2');
    await assertFinds(send(200, 'application/json', '{"data": []}'), 'I2');
    await assertFinds(send(502, 'text/html', '<p>Bad gateway'), 'I2');
    await assertFinds(send(500, 'application/json', '{"error":"x"}'), 'I2');
  });

  test('finds the row of another key', () =>
    assertFinds((response) => honest(response, 'somebody else'), 'I3'));

  test('finds constant rows that are not labelled as a fallback', () =>
    assertFinds((response) => honest(response, 'constant'), 'I3'));

  test('finds an answer that lies about its age', async () => {
    const old = new Date(Date.now() - 30_000).toISOString();
    await assertFinds(labelled({ asOf: old, ageSeconds: 3 }), 'I9');
    await assertFinds(labelled({ asOf: old, ageSeconds: 300 }), 'I9');
  });

  test('finds what is past its bound and says fresh, and what is past its hard bound at all', async () => {
    const ago = (ms: number) => ({
      asOf: new Date(Date.now() - ms).toISOString(),
      ageSeconds: ms / 1_000,
    });
    await assertFinds(labelled(ago(120_000)), 'I9');
    const stale = { source: 'stale', reason: 'timeout' };
    const staleHeaders = { 'cache-status': 'punctual; hit; ttl=-9' };
    await client.ask('forget');
    const held = await fire(labelled({ ...stale, ...ago(120_000) }, staleHeaders));
    assert.deepEqual(held.verdict.findings, []);
    await assertFinds(labelled({ ...stale, ...ago(7_200_000) }, staleHeaders), 'I9');
  });

  test('finds an age that the warehouse contradicts', () =>
    assertFinds(labelled({}, {}, { producedAt: Date.now() - 60_000 }), 'I9'));

  test('finds stale rows without a reason, and a Cache-Status that tells another story', async () => {
    await assertFinds(
      labelled({ source: 'stale' }, { 'cache-status': 'punctual; hit; ttl=-9' }),
      'I9',
    );
    await assertFinds(labelled({ source: 'stale', reason: 'timeout' }), 'I9');
    await assertFinds(labelled({}, { 'cache-status': 'punctual; fwd=miss' }), 'I9');
  });

  test('keeps its rate whatever the server does, and says when answers are good again', async () => {
    let isWell = false;
    let recovers: NodeJS.Timeout | undefined;
    planted = (response, key) => {
      // Not before the one who waits for it has begun to count.
      if (key === 'well') recovers ??= setTimeout(() => (isWell = true), 300);
      if (isWell) honest(response, key);
      else sendProblem(response);
    };
    const endless = plan({ arrival: { kind: 'rate', perSecond: 50 } });
    await client.ask('begin', endless);
    const questions = [{ path: '/q?key=well', key: 'well' }];
    const waiting = { ...endless, name: 'well', questions };
    const tookMs = (await client.ask('untilGood', waiting, 10_000)) ?? 0;
    assert.ok(tookMs >= 250, `good after ${tookMs} ms`);
    const exchanges = await client.ask('end', 'planted');
    assert.ok(exchanges.length >= 10, `${exchanges.length} requests`);
  });

  test('gives each exchange away once, and counts what it has sent', async () => {
    planted = honest;
    await client.ask('begin', plan({ arrival: { kind: 'rate', perSecond: 50, forMs: 300 } }));
    const early = await client.ask('take', 'planted');
    await new Promise((resolve) => setTimeout(resolve, 50));
    const later = await client.ask('take', 'planted');
    const taken = [...early, ...later, ...(await client.ask('end', 'planted'))];
    const numbers = taken.map(({ number }) => number);
    const sent = await client.ask('sent', 'planted');
    assert.ok(sent > 0);
    assert.deepEqual(
      numbers.toSorted((a = 0, b = 0) => a - b),
      Array.from({ length: sent }, (_, number) => number),
    );
  });

  test('follows a list from page to page, begins again when it has gone, and asks for what it knows', async () => {
    const asked: string[] = [];
    planted = (response, key) => {
      const { url = '', headers } = response.req;
      asked.push(`${url.replace('/q?key=k', '')} ${headers['if-none-match'] ?? ''}`.trim());
      if (asked.length === 3) return sendProblem(response);
      const text = body(key).replace('"requestId"', `"nextCursor":"c${asked.length}","requestId"`);
      response.writeHead(200, { ...freshHeaders, etag: `W/"${asked.length}"` }).end(text);
    };
    const question = { path: '/q?key=k{cursor}', key: 'k', revalidates: true };
    const arrival = { kind: 'in-turn', count: 4 } as const;
    await client.ask('fire', plan({ questions: [question], arrival }));
    assert.deepEqual(asked, ['', '&cursor=c1 W/"1"', '&cursor=c2 W/"2"', '']);
  });

  test('goes away when it is told to, which is nobody’s fault', async () => {
    const leaves = { withinMs: 50, share: 1 };
    const { exchanges, verdict } = await fire(() => undefined, { leaves });
    assert.deepEqual(verdict.findings, []);
    for (const exchange of exchanges) assert.equal(exchange.broken, 'left');
  });
});

const freshHeaders = {
  'content-type': 'application/json',
  'cache-status': 'punctual; hit; ttl=55',
};

function body(key: string, label: object = {}, row: object = {}): string {
  const part = { source: 'fresh', asOf: new Date().toISOString(), ageSeconds: 0, ...label };
  const degraded = part.source !== 'fresh';
  const meta = { source: part.source, degraded, requestId: 'r', parts: { q: part } };
  return JSON.stringify({ data: [{ key, stamp: 's', ...row }], meta });
}

function honest(response: ServerResponse, key: string): void {
  response.writeHead(200, freshHeaders).end(body(key));
}

function labelled(label: object, headers: object = {}, row: object = {}): Planted {
  return (response, key) =>
    void response.writeHead(200, { ...freshHeaders, ...headers }).end(body(key, label, row));
}

function sendProblem(response: ServerResponse): void {
  const problem = { type: 't', title: 't', status: 504, code: 'timeout', requestId: 'r' };
  response
    .writeHead(504, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify(problem));
}
