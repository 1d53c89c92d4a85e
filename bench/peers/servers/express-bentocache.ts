import { createServer } from 'node:http';
import { BentoCache, bentostore } from 'bentocache';
import { memoryDriver } from 'bentocache/drivers/memory';
import { redisDriver } from 'bentocache/drivers/redis';
import { copyAnswer, fromText, toText } from './copied-answer.ts';
import { createExpressApp } from './express-app.ts';
import { redisUrl } from './redis-url.ts';
import { servePeer } from './serve-peer.ts';

// A memory in front of Redis, with a factory and protection from stampedes. Text needs no serializing in the memory.
const answer = await copyAnswer();
const { hostname, port, pathname } = new URL(redisUrl());
const connection = { host: hostname, port: Number(port), db: Number(pathname.slice(1)) };
const cache = new BentoCache({
  default: 'answers',
  stores: {
    answers: bentostore()
      .useL1Layer(memoryDriver({ maxItems: 1_000, serialize: false }))
      .useL2Layer(redisDriver({ connection })),
  },
});

const app = createExpressApp(answer, async (request, response) => {
  const text = await cache.getOrSet({
    key: `peer:express-bentocache:${request.url}`,
    ttl: '1h',
    factory: () => toText(answer),
  });
  response.set(answer.headers).send(fromText(answer, text));
});
servePeer(createServer(app), () => void cache.disconnectAll());
