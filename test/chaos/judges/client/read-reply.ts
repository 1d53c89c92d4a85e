/** A reply as it came over the wire; header names in lower case. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Reads one HTTP/1.1 reply from the front of some bytes; undefined when it is not whole yet, throws on what is no HTTP. */
export function readReply(bytes: Buffer, hasEnded: boolean): Reply | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1]);
  if (!(status >= 100)) throw new Error(`no HTTP: ${first.slice(0, 80)}`);
  const headers = Object.fromEntries(lines.map(headerOf));
  const body = bodyOf(bytes.subarray(end + 4), { status, headers, hasEnded });
  return body && { status, headers, body };
}

/** How many bytes a reply has at least that begins like this; 0 when its head does not say. */
export function leastBytes(bytes: Buffer): number {
  const end = bytes.indexOf('\r\n\r\n');
  const length = /\r\ncontent-length: *(\d+)/i.exec(bytes.toString('latin1', 0, Math.max(0, end)));
  return length ? end + 4 + Number(length[1]) : 0;
}

function headerOf(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

function bodyOf(
  rest: Buffer,
  { status, headers, hasEnded }: Pick<Reply, 'status' | 'headers'> & { hasEnded: boolean },
): Buffer | undefined {
  if (status === 204 || status === 304) return Buffer.alloc(0);
  if (headers['transfer-encoding'] === 'chunked') return unchunked(rest);
  const length = headers['content-length'];
  if (length === undefined) return hasEnded ? rest : undefined;
  return rest.length >= Number(length) ? rest.subarray(0, Number(length)) : undefined;
}

function unchunked(bytes: Buffer): Buffer | undefined {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16);
    const from = lineEnd + 2;
    if (bytes.length < from + length + 2) return undefined;
    if (length === 0) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(from, from + length));
    at = from + length + 2;
  }
}
