import type { IncomingMessage } from 'node:http';
import { BigQueryError } from '../values/bigquery-error.ts';

const maxBodyBytes = 10 * 1024 * 1024;

/** Reads a JSON body of 10 MiB at most; undefined if it is empty. Throws an `invalid` BigQueryError. */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > maxBodyBytes)
      throw new BigQueryError(
        'invalid',
        `Request payload size exceeds the limit: ${maxBodyBytes} bytes.`,
        { status: 413 },
      );
    chunks.push(buffer);
  }
  return bytes === 0 ? undefined : parseJson(Buffer.concat(chunks).toString());
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BigQueryError('invalid', 'Invalid JSON payload received');
  }
}
