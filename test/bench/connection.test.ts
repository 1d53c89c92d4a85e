import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { getRequest, openConnection } from '../../bench/http/connection.ts';
import { headerOf, readReply } from '../../bench/http/read-reply.ts';
import { askAtOnce, askInTurn } from '../../bench/measure/load.ts';

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-A: b\r\n\r\nhello';

/** A server that answers every chunk that it receives in its own way. */
async function listen(answer: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined).on('data', () => answer(socket)));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return {
    url: `http://127.0.0.1:${address.port}/x?y=1`,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('reading a reply', () => {
  test('it is whole with its last byte, and says where it ends', () => {
    const bytes = Buffer.from(`${OK}HTTP/1.1`);
    for (let length = 0; length < OK.length; length++)
      assert.equal(readReply(bytes.subarray(0, length)).kind, 'partial');
    const reading = readReply(bytes);
    assert.equal(reading.kind, 'whole');
    assert.equal(reading.bytes, OK.length);
    assert.equal(reading.reply.status, 200);
    assert.equal(reading.reply.body.toString(), 'hello');
    assert.equal(headerOf(reading.reply, 'x-a'), 'b');
    assert.equal(headerOf(reading.reply, 'x-b'), undefined);
  });

  test('a reply without a length is refused', () => {
    const chunked = Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    assert.throws(() => readReply(chunked), /Content-Length/);
  });

  test('a 304 ends with its head, whatever length that names', () => {
    const bytes = Buffer.from('HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\nHTTP/1.1');
    const reading = readReply(bytes);
    assert.equal(reading.kind, 'whole');
    assert.equal(reading.reply.status, 304);
    assert.equal(reading.reply.body.length, 0);
    assert.equal(bytes.subarray(reading.bytes).toString(), 'HTTP/1.1');
  });
});

describe('a connection of the bench', () => {
  test('a reply that comes in pieces is put together', async () => {
    await using server = await listen((socket) => {
      socket.write(OK.slice(0, 20));
      setImmediate(() => socket.write(OK.slice(20, 60)));
      setTimeout(() => socket.write(OK.slice(60)), 5);
    });
    using connection = await openConnection(server.url);
    for (let count = 0; count < 3; count++) {
      const reply = await connection.send(getRequest(server.url));
      assert.equal(reply.body.toString(), 'hello');
    }
  });

  test('a server that hangs up rejects the request instead of leaving it to wait', async () => {
    await using server = await listen((socket) => socket.end());
    using connection = await openConnection(server.url);
    await assert.rejects(connection.send(getRequest(server.url)), /closed/);
    await assert.rejects(connection.send(getRequest(server.url)), /closed/);
  });

  test('a reply that cannot be read rejects the request', async () => {
    await using server = await listen((socket) => socket.write('SSH-2.0\r\n\r\n'));
    using connection = await openConnection(server.url);
    await assert.rejects(connection.send(getRequest(server.url)), /not a reply/);
  });

  test('the request is the URL’s, with its headers', () => {
    assert.equal(
      getRequest('http://127.0.0.1:80/a?b=c', { accept: 'x/y' }).toString(),
      'GET /a?b=c HTTP/1.1\r\nHost: 127.0.0.1\r\naccept: x/y\r\n\r\n',
    );
  });
});

describe('load', () => {
  test('replies that are not those that are measured are counted apart', async () => {
    await using server = await listen((socket) => socket.write(OK));
    using one = await openConnection(server.url);
    using other = await openConnection(server.url);
    let replies = 0;
    const request = getRequest(server.url);
    const inTurn = await askInTurn(one, { request, isMeant: () => ++replies % 2 === 0 }, 7);
    assert.equal(inTurn.times.length, 3);
    assert.equal(inTurn.strays, 4);
    const atOnce = await askAtOnce([one, other], { request, isMeant: () => true }, 30);
    assert.ok(atOnce.perSecond > 0);
    assert.equal(atOnce.strays, 0);
  });

  test('a reply that is not 200 ends the measurement', async () => {
    await using server = await listen((socket) => socket.write(OK.replace('200 OK', '503 Away')));
    using connection = await openConnection(server.url);
    const exchange = { request: getRequest(server.url), isMeant: () => true };
    await assert.rejects(askInTurn(connection, exchange, 3), /expected 200: HTTP\/1.1 503/);
  });
});
