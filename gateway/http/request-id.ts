import { randomBytes } from 'node:crypto';
import type { RequestHandler, Response } from 'express';

/** Gives every request an id: the caller's `X-Request-Id` where it is a plain one, else a new one; the answer carries it back. */
export const assignRequestId: RequestHandler = (request, response, next) => {
  response.setHeader('X-Request-Id', requestIdFrom(request.headers['x-request-id']));
  next();
};

/** The caller's own id if it is a plain one, else a new one. */
export function requestIdFrom(given: unknown): string {
  return typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : newId();
}

/** Drawn once for each process, 72 bits: a number behind it makes an id that no other process gives, at no cost. */
const PROCESS = randomBytes(9).toString('base64url');
let given = 0;

function newId(): string {
  given += 1;
  return `${PROCESS}.${given}`;
}

/** The id that {@link assignRequestId} gave. */
export function requestIdOf(response: Response): string {
  return String(response.getHeader('X-Request-Id'));
}
