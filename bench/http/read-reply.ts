/** A whole HTTP reply; `head` is the status line and the headers as they came. */
export interface Reply {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

/** A reply read from the front of some bytes: whole, or not yet. */
export type Reading =
  | { readonly kind: 'partial' }
  | { readonly kind: 'whole'; readonly reply: Reply; readonly bytes: number };

const END_OF_HEAD = '\r\n\r\n';
/** Ends with its head, whatever length that names (RFC 9112, section 6.3). */
const NOT_MODIFIED = '304';

/** Reads one reply with a `Content-Length`, or a 304; throws on anything else, which no server of the bench sends. */
export function readReply(bytes: Buffer): Reading {
  const end = bytes.indexOf(END_OF_HEAD);
  if (end < 0) return { kind: 'partial' };
  const head = bytes.toString('latin1', 0, end);
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1];
  const length = status === NOT_MODIFIED ? 0 : /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined || status === undefined)
    throw new Error(`not a reply with a Content-Length: ${head.slice(0, 200)}`);
  const from = end + END_OF_HEAD.length;
  const to = from + Number(length);
  if (bytes.length < to) return { kind: 'partial' };
  return {
    kind: 'whole',
    reply: { status: Number(status), head, body: bytes.subarray(from, to) },
    bytes: to,
  };
}

/** A header of the reply; undefined when it has none of this name. */
export function headerOf({ head }: Reply, name: string): string | undefined {
  const line = head.split('\r\n').find((one) => one.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}
