import type { Reply } from '../http/read-reply.ts';

/** What a load tool asks for, over how many keep-alive connections, and for how long. */
export interface Aim {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The status that every reply must have. */
  readonly status: 200 | 304;
  readonly connections: number;
  /** Whole seconds: no tool knows less. */
  readonly forSeconds: number;
}

/** What a load tool counted. */
export interface Volley {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly replies: number;
  /** All bytes received, heads included. */
  readonly bytes: number;
  /** Replies of another status, and connections that failed, broke or were silent for too long. */
  readonly errors: number;
}

/** Digits of an age or of a duration come and go; another answer than the one expected differs by more. */
const BYTES_TOLERANCE = 0.03;

/**
 * Throws unless nothing failed and the replies were, on average, as long as this one is. No tool looks into a reply without
 * becoming slow, so this is what is known of all of them; the ones before and after are read whole.
 */
export function expectVolley(volley: Volley, { connections }: Aim, like: Reply): void {
  const { replies, bytes, errors } = volley;
  if (errors > 0) throw new Error(`${errors} of ${replies} replies were errors`);
  if (replies === 0) throw new Error('there was no reply');
  const each = bytesOf(like);
  // Those that were under way at the end have brought bytes, and are no replies.
  const mostApart = BYTES_TOLERANCE * replies * each + connections * each;
  if (Math.abs(bytes - replies * each) > mostApart)
    throw new Error(`replies of ${Math.round(bytes / replies)} bytes, and not of ${each}`);
}

/** How many bytes a reply is on the wire. */
export function bytesOf({ head, body }: Reply): number {
  return head.length + '\r\n\r\n'.length + body.length;
}
