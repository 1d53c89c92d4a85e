import { getOnce } from '../../http/get-once.ts';
import { headerOf } from '../../http/read-reply.ts';
import { readCopyOf } from '../copy-of.ts';

/** Somebody else's answer, as a peer of ours repeats it. */
export interface CopiedAnswer {
  readonly status: number;
  /** Where the answer stood: the path without the query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tag: string | undefined;
  readonly body: Buffer;
  readonly isCompressed: boolean;
}

/** From this size on a server sends a buffer faster than a string. */
const LEAST_BUFFER_BYTES = 16 * 1_024;

/** Fetches the answer that this process is to repeat, as its environment says. */
export async function copyAnswer(): Promise<CopiedAnswer> {
  const { url, headers } = readCopyOf(process.env);
  const reply = await getOnce(url, headers);
  return {
    status: reply.status,
    path: new URL(url).pathname,
    headers: Object.fromEntries(reply.head.split('\r\n').slice(1).flatMap(copyHeader)),
    tag: headerOf(reply, 'etag'),
    body: reply.body,
    isCompressed: headerOf(reply, 'content-encoding') !== undefined,
  };
}

/** The body for a cache that takes text alone: a compressed one as base64. */
export function toText({ body, isCompressed }: CopiedAnswer): string {
  return body.toString(isCompressed ? 'base64' : 'utf8');
}

/** What is sent for a text from the cache. */
export function fromText({ isCompressed }: CopiedAnswer, text: string): string | Buffer {
  return isCompressed ? Buffer.from(text, 'base64') : text;
}

/** The body in the form in which `node:http` sends it fastest: a short one as a string, which leaves together with the head. */
export function quickBody({ body, isCompressed }: CopiedAnswer): string | Buffer {
  return isCompressed || body.length >= LEAST_BUFFER_BYTES ? body : body.toString('utf8');
}

/** A header line as name and value; nothing for those that node:http writes itself. */
function copyHeader(line: string): [string, string][] {
  const name = line.slice(0, line.indexOf(':'));
  const isOwn = ['date', 'connection', 'keep-alive'].includes(name.toLowerCase());
  return isOwn ? [] : [[name, line.slice(name.length + 1).trim()]];
}
