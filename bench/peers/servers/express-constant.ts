import { createServer } from 'node:http';
import { copyAnswer } from './copied-answer.ts';
import { createExpressApp } from './express-app.ts';
import { servePeer } from './serve-peer.ts';

// Express that looks nothing up: its own share of all that is built on it. As a buffer, into which it would turn a text.
const answer = await copyAnswer();
const app = createExpressApp(answer, (_request, response) => {
  response.set(answer.headers).send(answer.body);
});
servePeer(createServer(app));
