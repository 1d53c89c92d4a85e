import express, { type Request, type Response } from 'express';
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { messageClassesOf } from '../../../gateway/http/message-classes.ts';
import { listen } from '../../../shared/side-door.ts';
import { withServer } from './with-server.ts';

test('requests and responses have what Express would give them before it sees them', async () => {
  const app = express();
  app.get('/', (request, response) => void response.json({ ip: request.ip }));
  const seen: unknown[] = [];
  const prototypesOf = (request: object, response: object) =>
    [request, response].map((one) => Object.getPrototypeOf(one));
  const server = createServer(messageClassesOf(app), (request, response) => {
    assert.equal((request as Request).app, app);
    assert.equal((response as Response).app, app);
    const before = prototypesOf(request, response);
    app(request, response);
    seen.push(before, prototypesOf(request, response));
  });
  const url = await listen(server, '127.0.0.1', 0);
  const answer = await fetch(url);
  assert.deepEqual(await answer.json(), { ip: '127.0.0.1' });
  server.closeAllConnections();
  server.close();
  const [before, after] = seen as [object[], object[]];
  assert.equal(before[0], after[0]);
  assert.equal(before[1], after[1]);
});

test('a socket that was asked whose it is has no other properties than one that was not', async () => {
  const shapes: (readonly PropertyKey[])[] = [];
  await using gateway = await withServer(({ url, socket }, response) => {
    if (url === '/asked') assert.equal(socket.remoteAddress, '127.0.0.1');
    response.end(() => {
      shapes.push(Reflect.ownKeys(socket));
    });
  });
  for (const path of ['/asked', '/not'])
    await (await fetch(`${gateway.url}${path}`, { headers: { Connection: 'close' } })).text();
  const [asked, not] = shapes;
  assert.ok(asked && not);
  assert.deepEqual(not, asked);
});
