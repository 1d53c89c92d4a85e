import { z } from 'zod';
import { getRequest } from '../http/connection.ts';
import type { Reply } from '../http/read-reply.ts';
import type { Question } from './question.ts';

/** What came of a question, and how many milliseconds after it was due. */
export type Exchange =
  | {
      readonly kind: 'answer';
      readonly tookMs: number;
      /** Where the worst of its rows come from, by `meta.source`; undefined when it has no rows. */
      readonly source: string | undefined;
      readonly reply: Reply;
    }
  | Failure;

/** A reply that nobody has looked into, or why none came. */
export type Attempt =
  | { readonly kind: 'reply'; readonly tookMs: number; readonly reply: Reply }
  | Failure;

interface Failure {
  readonly kind: 'failure';
  readonly tookMs: number;
  readonly why: string;
}

/** Sends one request and resolves with its reply. */
export type Send = (request: Buffer) => Promise<Reply>;

/** The bytes that ask a question of the server of a URL. */
export function requestOf(origin: string, { path, headers }: Question): Buffer {
  return getRequest(`${origin}${path}`, headers);
}

/** Sends a request that was due at an instant of the monotonic clock; never rejects. */
export async function attempt(send: Send, request: Buffer, dueMs: number): Promise<Attempt> {
  try {
    const reply = await send(request);
    return { kind: 'reply', tookMs: performance.now() - dueMs, reply };
  } catch (error) {
    return { kind: 'failure', tookMs: performance.now() - dueMs, why: messageOf(error) };
  }
}

/** Looks into a reply: only one that answers this very question, with rows for all of its parts, is an answer. */
export function judge(question: Question, attempted: Attempt): Exchange {
  if (attempted.kind === 'failure') return attempted;
  const { reply, tookMs } = attempted;
  try {
    return { kind: 'answer', tookMs, source: sourceOf(question, reply), reply };
  } catch (error) {
    return { kind: 'failure', tookMs, why: messageOf(error) };
  }
}

const envelope = z.object({
  data: z.unknown(),
  meta: z.object({ source: z.string(), parts: z.record(z.string(), z.unknown()) }),
});
const problem = z.object({ code: z.string() });

function sourceOf({ parts }: Question, { status, body }: Reply): string | undefined {
  if (status !== 200) throw new Error(`${status} ${codeIn(body)}`.trim());
  if (parts === undefined) return undefined;
  const { meta } = envelope.parse(JSON.parse(body.toString('utf8')));
  const names = Object.keys(meta.parts);
  if (names.length !== parts.length || !parts.every((name) => names.includes(name)))
    throw new Error(`an answer with other parts: ${names.join(', ')}`);
  if (meta.source === 'none') throw new Error('an answer with no rows for one of its parts');
  return meta.source;
}

function codeIn(body: Buffer): string {
  try {
    return problem.parse(JSON.parse(body.toString('utf8'))).code;
  } catch {
    return 'without problem details';
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
