import type { IncomingMessage } from 'node:http';
import { BigQueryError } from '../values/bigquery-error.ts';

const maxBodyBytes = 10 * 1024 * 1024;
const maxReadBytes = 10 * maxBodyBytes;

/** Reads a JSON body of 10 MiB at most; undefined if it is empty. Throws an `invalid` BigQueryError. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    // What is too much is still read, though not kept: only then does the client read the answer. Leaving the loop cuts the socket.
    if (bytes <= maxBodyBytes) chunks.push(buffer);
    if (bytes > maxReadBytes) break;
  }
  if (bytes > maxBodyBytes) throw tooLarge();
  return bytes === 0 ? undefined : parseJson(Buffer.concat(chunks).toString());
}

function tooLarge(): BigQueryError {
  const message = `Request payload size exceeds the limit: ${maxBodyBytes} bytes.`;
  return new BigQueryError('invalid', message, { status: 413 });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BigQueryError('invalid', 'Invalid JSON payload received');
  }
}
