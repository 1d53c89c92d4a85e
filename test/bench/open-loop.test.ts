import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, test } from 'node:test';
import { askAll, openMany } from '../../bench/open-loop/at-once.ts';
import { createConnectionPool } from '../../bench/open-loop/connection-pool.ts';
import type { Exchange } from '../../bench/open-loop/exchange.ts';
import { type Errand, offer } from '../../bench/open-loop/offer.ts';
import { health, home, single } from '../../bench/open-loop/question.ts';
import { createTally } from '../../bench/open-loop/tally.ts';

const { signal } = new AbortController();

/** A server that answers in its own way; `open` counts its connections. */
async function listen(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer);
  let open = 0;
  server.on('connection', () => open++);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return {
    origin: `http://127.0.0.1:${address.port}`,
    open: () => open,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function reply(response: ServerResponse, body: unknown, status = 200): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'content-length': Buffer.byteLength(text) }).end(text);
}

function envelope(part: string, source: string) {
  return { data: [], meta: { source, parts: { [part]: { source } } } };
}

function errands(count: number, everyMs: number): Errand[] {
  return Array.from({ length: count }, (_, index) => ({
    kind: 'health',
    dueMs: index * everyMs,
    questions: [health],
  }));
}

describe('an open loop', () => {
  test('a server that stalls is seen by everybody who was due meanwhile', async () => {
    let hasStalled = false;
    await using server = await listen((_request, response) => {
      setTimeout(() => reply(response, {}), hasStalled ? 0 : 300);
      hasStalled = true;
    });
    using pool = createConnectionPool(server.origin, 1);
    const times: number[] = [];
    const note = (_: Errand, [one]: readonly Exchange[]) => void times.push(one?.tookMs ?? 0);
    await offer(errands(10, 10), {
      origin: server.origin,
      send: pool.send,
      note,
      signal,
    });
    assert.equal(times.length, 10);
    // All are due within 90 ms, and nobody is answered before 290: a client that waits for its turn would tell of one.
    assert.ok(
      times.every((ms) => ms >= 190),
      times.join(', '),
    );
  });

  test('nothing is sent before it is due, and how late it was is told', async () => {
    const arrivedMs: number[] = [];
    await using server = await listen((_request, response) => {
      arrivedMs.push(performance.now());
      reply(response, {});
    });
    using pool = createConnectionPool(server.origin, 4);
    const startedMs = performance.now();
    const all = errands(5, 20);
    const note = () => undefined;
    const lateness = await offer(all, { origin: server.origin, send: pool.send, note, signal });
    assert.equal(lateness.count, 5);
    for (const [index, ms] of arrivedMs.entries()) assert.ok(ms - startedMs >= index * 20);
  });

  test('an errand is done with its last question, and fails with any of them', async () => {
    await using server = await listen(({ url }, response) => {
      if (url?.includes('bad')) reply(response, { code: 'overloaded' }, 503);
      else reply(response, envelope('good', 'fresh'));
    });
    using pool = createConnectionPool(server.origin, 4);
    const tally = createTally();
    const questions = [single('good', {}), single('bad', {})];
    const all = [{ kind: 'both', dueMs: 0, questions }];
    await offer(all, { origin: server.origin, send: pool.send, note: tally.note, signal });
    assert.deepEqual([tally.answers, tally.failures, tally.times.count], [1, 1, 1]);
    assert.equal(tally.summary, 'fresh 1; failed: 503 overloaded 1');
  });

  test('an abort ends it', async () => {
    await using server = await listen((_request, response) => reply(response, {}));
    using pool = createConnectionPool(server.origin, 1);
    const stop = new AbortController();
    const note = () => stop.abort();
    const all = errands(3, 60_000);
    const offering = offer(all, {
      origin: server.origin,
      send: pool.send,
      note,
      signal: stop.signal,
    });
    await assert.rejects(offering, { name: 'AbortError' });
  });
});

describe('a pool of connections', () => {
  test('it opens as many as are needed at once, and never more than its bound', async () => {
    const held: ServerResponse[] = [];
    await using server = await listen((_request, response) => {
      held.push(response);
      if (held.length < 3) return;
      for (const one of held.splice(0)) reply(one, {});
    });
    using pool = createConnectionPool(server.origin, 3);
    const request = Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const replies = await Promise.all(Array.from({ length: 9 }, () => pool.send(request)));
    assert.equal(replies.length, 9);
    assert.equal(pool.mostOpen, 3);
    assert.equal(server.open(), 3);
  });

  test('a connection that breaks fails its own request, and who waits gets a new one', async () => {
    let asked = 0;
    await using server = await listen(({ socket }, response) => {
      if (++asked === 1) socket.destroy();
      else reply(response, {});
    });
    using pool = createConnectionPool(server.origin, 1);
    const request = Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    const [first, second] = await Promise.allSettled([pool.send(request), pool.send(request)]);
    assert.equal(first.status, 'rejected');
    assert.equal(second.status, 'fulfilled');
    assert.equal(server.open(), 2);
  });

  test('a connection that the server closes is not used again', async () => {
    await using server = await listen((_request, response) =>
      reply(response.setHeader('Connection', 'close'), {}),
    );
    using pool = createConnectionPool(server.origin, 1);
    const request = Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    for (let count = 0; count < 3; count++) assert.equal((await pool.send(request)).status, 200);
    assert.equal(server.open(), 3);
  });
});

describe('asking all at once', () => {
  test('each question has a connection of its own, and only its own answer counts', async () => {
    await using server = await listen(({ url = '' }, response) => {
      const name = /queries\/(\w+)/.exec(url)?.[1];
      if (name === undefined) reply(response, { status: 'up' });
      else reply(response, envelope(name === 'wrong' ? 'other' : name, 'live'));
    });
    using connections = await openMany(server.origin, 3);
    assert.equal(server.open(), 3);
    const questions = [single('right', {}), single('wrong', {}), home(1)];
    const [right, wrong, page] = await askAll(server.origin, connections.all, questions);
    assert.equal(right?.kind === 'answer' && right.source, 'live');
    assert.match(wrong?.kind === 'failure' ? wrong.why : '', /other parts: other/);
    assert.equal(page?.kind, 'failure');
    assert.equal(server.open(), 3);
    await assert.rejects(askAll(server.origin, [], questions), /too few/);
  });

  test('rows that are missing are no answer, though the status is 200', async () => {
    await using server = await listen(({ url = '' }, response) =>
      reply(response, url.includes('queries') ? envelope('empty', 'none') : {}),
    );
    using connections = await openMany(server.origin, 1);
    const [one] = await askAll(server.origin, connections.all, [single('empty', {})]);
    assert.match(one?.kind === 'failure' ? one.why : '', /no rows/);
  });
});
