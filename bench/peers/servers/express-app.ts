import express, { type Express, type RequestHandler } from 'express';
import type { CopiedAnswer } from './copied-answer.ts';

/** Express with one route, where the copied answer stood, and without what would change the answer's bytes. */
export function createExpressApp({ path }: CopiedAnswer, handler: RequestHandler): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('query parser', false);
  app.get(path, handler);
  return app;
}
