import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

/** Reads a request's body as JSON; rejects with a {@link Refusal} when it is something else, larger, or cut off. */
export async function readJson(request: IncomingMessage, maxBytes: number): Promise<unknown> {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json' || request.headers['content-encoding'])
    throw new Refusal('unsupported-media-type', 'Send application/json, not compressed.');
  const bytes = await readBytes(request, maxBytes);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new Refusal('invalid-body', 'The body is no JSON text in UTF-8.');
  }
}

async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new Refusal('body-too-large', `The body may have ${maxBytes} bytes.`, {
        headers: { connection: 'close' },
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
