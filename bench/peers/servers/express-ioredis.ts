import { createServer } from 'node:http';
import { Redis } from 'ioredis';
import { copyAnswer, fromText, toText } from './copied-answer.ts';
import { createExpressApp } from './express-app.ts';
import { redisUrl } from './redis-url.ts';
import { servePeer } from './serve-peer.ts';

// The cache that most Express services have: one GET for each request.
const answer = await copyAnswer();
const redis = new Redis(redisUrl());

const app = createExpressApp(answer, async (request, response) => {
  const key = `peer:express-ioredis:${request.url}`;
  const text = (await redis.get(key)) ?? (await store(key));
  response.set(answer.headers).send(fromText(answer, text));
});
servePeer(createServer(app), () => redis.disconnect());

async function store(key: string): Promise<string> {
  const text = toText(answer);
  await redis.set(key, text, 'EX', 3_600);
  return text;
}
