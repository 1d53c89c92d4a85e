import express from 'express';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { messageClassesOf } from '../../../gateway/http/message-classes.ts';
import { withServer } from './with-server.ts';

test('requests and responses have what Express would give them before it sees them', async () => {
  const app = express();
  app.get('/', (request, response) => void response.json({ ip: request.ip }));
  const seen: object[][] = [];
  const notePrototypes = (...messages: object[]) =>
    seen.push(messages.map((one) => Object.getPrototypeOf(one)));
  await using gateway = await withServer(
    (request, response) => {
      notePrototypes(request, response);
      app(request, response);
      notePrototypes(request, response);
    },
    { classes: messageClassesOf(app) },
  );
  assert.deepEqual(await (await fetch(gateway.url)).json(), { ip: '127.0.0.1' });
  assert.equal(seen.length, 2);
  const wanted = [app.request, app.response];
  for (const prototypes of seen)
    for (const [index, one] of prototypes.entries()) assert.equal(one, wanted[index]);
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
