import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { describe, test } from 'node:test';
import { noteDue } from '../../../gateway/http/open-answers.ts';
import { until } from '../../until.ts';
import { rawSocket } from './raw-socket.ts';
import { withServer } from './with-server.ts';

const LARGE = Buffer.alloc(32 * 1_024 * 1_024, 'x');
const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;

const app: RequestListener = (request, response) => {
  response.setHeader('X-Request-Id', 'the-request');
  if (request.url === '/never') return;
  if (request.url === '/soon') noteDue(response, 100);
  if (request.url === '/stream') noteDue(response, Number.POSITIVE_INFINITY);
  if (request.url === '/small') response.end('small');
  else if (request.url === '/medium') response.end(LARGE.subarray(0, 500_000));
  else response.end(LARGE);
};

describe('an answer that its client does not take', () => {
  for (const path of ['/large', '/soon'])
    test(`is cut within a second of its time, and its memory is free: ${path}`, async () => {
      const answerWithinMs = path === '/soon' ? 60_000 : 100;
      await using gateway = await withServer(app, { answerWithinMs });
      using raw = await rawSocket(gateway.url);
      raw.socket.pause();
      raw.write(GET(path));
      await until(() => gateway.cuts.length === 1);
      const [cut] = gateway.cuts;
      assert.ok(cut && cut.requestId === 'the-request' && cut.bytesLeft > 1_000_000);
      await until(() => gateway.open.size === 0);
    });

  test('is cut although a little of it is taken again and again', async () => {
    await using gateway = await withServer(app, { answerWithinMs: 200 });
    using raw = await rawSocket(gateway.url);
    raw.socket.pause();
    raw.write(GET('/large'));
    const sipping = setInterval(() => raw.socket.read(1_024), 10);
    await until(() => gateway.cuts.length === 1);
    clearInterval(sipping);
  });

  test('takes those with it that were pipelined behind it', async () => {
    await using gateway = await withServer(app, { answerWithinMs: 100 });
    using raw = await rawSocket(gateway.url);
    raw.socket.pause();
    raw.write(GET('/large') + GET('/small'));
    await until(() => gateway.cuts.length === 1);
    await until(() => gateway.open.size === 0);
    gateway.open.tick();
    assert.equal(gateway.cuts.length, 1);
  });

  test('is left alone when it is a stream, which is never due', async () => {
    await using gateway = await withServer(app, { answerWithinMs: 1 });
    using stream = await rawSocket(gateway.url);
    stream.socket.pause();
    stream.write(GET('/stream'));
    using other = await rawSocket(gateway.url);
    other.socket.pause();
    other.write(GET('/large'));
    await until(() => gateway.cuts.length === 1);
    await until(() => gateway.open.size === 1);
    stream.socket.resume();
    await until(() => gateway.open.size === 0);
    assert.equal(gateway.cuts.length, 1);
  });
});

describe('an answer that is taken in time', () => {
  test('leaves the connection to the requests after it', async () => {
    await using gateway = await withServer(app, { answerWithinMs: 5_000 });
    using raw = await rawSocket(gateway.url);
    for (let count = 1; count <= 3; count++) {
      raw.write(GET('/medium') + GET('/small'));
      await until(() => raw.text().match(/small/g)?.length === count);
    }
    assert.equal(gateway.open.size, 0);
    gateway.open.tick();
    assert.deepEqual(gateway.cuts, []);
  });
});

describe('a request that nobody answers', () => {
  test('is cut too, some time after an answer would have been due', async () => {
    await using gateway = await withServer(app, { answerWithinMs: 50 });
    using raw = await rawSocket(gateway.url);
    raw.write(GET('/never'));
    await raw.closed;
    assert.equal(gateway.cuts.length, 1);
  });
});
