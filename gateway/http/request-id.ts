import type { RequestHandler, Response } from 'express';

/** Gives every request an id: the caller's `X-Request-Id` where it is a plain one, else a new one; the answer carries it back. */
export const assignRequestId: RequestHandler = (request, response, next) => {
  const given = request.headers['x-request-id'];
  const plain = typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given);
  response.setHeader('X-Request-Id', plain ? given : crypto.randomUUID());
  next();
};

/** The id that {@link assignRequestId} gave. */
export function requestIdOf(response: Response): string {
  return String(response.getHeader('X-Request-Id'));
}
