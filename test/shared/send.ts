import assert from 'node:assert/strict';
import { type Code, ERROR_CODES } from '../../shared/error-codes.ts';
import type { Answer } from '../get.ts';

/** Sends a request with any method, with a body as JSON unless the headers say otherwise. */
export async function send(
  url: string,
  method: string,
  body?: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body }),
  });
  const text = await response.text();
  const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
  const parsed: unknown = isJson ? JSON.parse(text) : undefined;
  return { status: response.status, headers: response.headers, text, body: parsed };
}

/** Fails unless the answer is problem details with this code. */
export function assertRefused({ status, headers, text, body }: Answer, code: Code): void {
  assert.equal(body?.code, code, text);
  assert.equal(status, ERROR_CODES[code].status);
  assert.equal(headers.get('content-type'), 'application/problem+json');
  assert.equal(headers.get('x-request-id'), body.requestId);
}
