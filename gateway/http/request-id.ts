import type { RequestHandler, Response } from 'express';

/** Gives every request an id: the caller's `X-Request-Id` where it is a plain one, else a new one; the answer carries it back. */
export const assignRequestId: RequestHandler = (request, response, next) => {
  response.setHeader('X-Request-Id', requestIdFrom(request.headers['x-request-id']));
  next();
};

/** The caller's own id if it is a plain one, else a new one. */
export function requestIdFrom(given: unknown): string {
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : crypto.randomUUID();
}

/** The id that {@link assignRequestId} gave. */
export function requestIdOf(response: Response): string {
  return String(response.getHeader('X-Request-Id'));
}
