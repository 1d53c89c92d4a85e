import { KEEP_ALIVE } from '../http/keep-alive.ts';
import type { Encoding } from './accepted-encoding.ts';

/**
 * The head of an answer, names and values in turn. It is a list that is written over for each answer that leaves, since
 * node:http reads it at once and keeps nothing of it.
 */
export interface Head {
  /** Of an answer that is sent whole. */
  whole(own: OwnHead, bytes: number, encoding: Encoding): string[];
  /** Of one that the caller has already. */
  unchanged(own: OwnHead): string[];
}

/** What each answer's head has of its own. */
export interface OwnHead {
  readonly requestId: string;
  readonly serverTiming: string;
  /** The connection is still there for another request once the answer has left. */
  readonly staysOpen: boolean;
}

/** A head that begins with these headers. Each kind of connection has lists of its own: none is put together anew. */
export function createHead(headers: readonly string[]): Head {
  const staying = createLists([...headers, ...KEEP_ALIVE]);
  const closing = createLists(headers);
  const listsFor = ({ staysOpen }: OwnHead) => (staysOpen ? staying : closing);
  return {
    whole: (own, bytes, encoding) => listsFor(own).whole(own, bytes, encoding),
    unchanged: (own) => listsFor(own).unchanged(own),
  };
}

function createLists(headers: readonly string[]): Head {
  const unchanged = [...headers, 'X-Request-Id', '', 'Server-Timing', ''];
  const type = ['Content-Type', 'application/json; charset=utf-8'];
  const whole = [...unchanged, ...type, 'Content-Length', ''];
  const encoded = [...whole, 'Content-Encoding', ''];
  const requestIdAt = headers.length + 1;
  const serverTimingAt = requestIdAt + 2;
  const bytesAt = whole.length - 1;
  const encodingAt = encoded.length - 1;
  const write = (head: string[], { requestId, serverTiming }: OwnHead) => {
    head[requestIdAt] = requestId;
    head[serverTimingAt] = serverTiming;
    return head;
  };
  return {
    whole(own, bytes, encoding) {
      const isEncoded = encoding !== 'identity';
      const head = write(isEncoded ? encoded : whole, own);
      head[bytesAt] = String(bytes);
      if (isEncoded) head[encodingAt] = encoding;
      return head;
    },
    unchanged: (own) => write(unchanged, own),
  };
}
