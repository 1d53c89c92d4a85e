import { createCache } from 'async-cache-dedupe';
import Fastify from 'fastify';
import { Redis } from 'ioredis';
import { copyAnswer, fromText, quickBody, toText } from './copied-answer.ts';
import { redisUrl } from './redis-url.ts';
import { servePeer } from './serve-peer.ts';

// PEER_STORAGE says where answers are kept: in the process, in the form that is sent fastest, or as text in Redis.
const answer = await copyAnswer();
const redis = process.env['PEER_STORAGE'] === 'redis' ? new Redis(redisUrl()) : undefined;
const read = redis === undefined ? keepInMemory() : keepInRedis(redis);

const app = Fastify();
app.get(answer.path, async (request, reply) => {
  const body = await read(request.url);
  reply.headers(answer.headers);
  if (answer.tag !== undefined && request.headers['if-none-match'] === answer.tag)
    return reply.code(304).removeHeader('Content-Length').send();
  return reply.send(body);
});
await app.ready();
servePeer(app.server, () => redis?.disconnect());

function keepInMemory(): (url: string) => Promise<string | Buffer> {
  const cache = createCache({ ttl: 3_600, storage: { type: 'memory' } });
  return cache.define('fastify', async (_url: string) => quickBody(answer)).fastify;
}

function keepInRedis(client: Redis): (url: string) => Promise<string | Buffer> {
  const cache = createCache({ ttl: 3_600, storage: { type: 'redis', options: { client } } });
  const { fastify } = cache.define('fastify', async (_url: string) => toText(answer));
  return async (url) => fromText(answer, await fastify(url));
}
