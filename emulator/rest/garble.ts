import type { Fault, MalformedReply } from '../faults/fault.ts';
import type { Reply } from './call.ts';

/** What becomes of an answer: it goes out as JSON or as something else, or the socket is cut. */
export type Delivery =
  | { readonly kind: 'json'; readonly reply: Reply }
  | { readonly kind: 'raw'; readonly contentType: string; readonly text: string }
  | { readonly kind: 'cut' };

/** Makes of a right reply the wrong one that a fault asks for; the fault itself is what remembers the reply before. */
export function garble(reply: Reply, kind: MalformedReply | undefined, fault: Fault): Delivery {
  switch (kind) {
    case undefined:
      return { kind: 'json', reply };
    case 'htmlOk':
      return { kind: 'raw', contentType: 'text/html', text: htmlPage };
    case 'emptyOk':
      return json('{}');
    case 'truncated': {
      const text = textOf(reply);
      return json(text.slice(0, Math.ceil(text.length / 2)));
    }
    case 'reset':
      return { kind: 'cut' };
    case 'previous':
      return { kind: 'json', reply: exchanged(fault, reply) };
    default: {
      const body = alter[kind](JSON.parse(textOf(reply)) as Body);
      return { kind: 'json', reply: { ...reply, body } };
    }
  }
}

const htmlPage =
  '<!doctype html><title>Sorry</title><p>The server is on its break. This is a fault of the emulator.';

function json(text: string): Delivery {
  return { kind: 'raw', contentType: 'application/json', text };
}

function textOf({ body }: Reply): string {
  return typeof body === 'string' ? body : JSON.stringify(body ?? {});
}

interface Cell {
  readonly v: unknown;
}

interface Row {
  readonly f: readonly Cell[];
}

/** The parts of a reply that get garbled. */
interface Body {
  readonly rows?: readonly Row[];
  readonly schema?: { readonly fields: readonly { readonly type: string }[] };
  readonly [name: string]: unknown;
}

const alter = {
  noStatus: (body: Body) => ({ ...body, status: undefined }),
  noSchema: (body: Body) => ({ ...body, schema: undefined }),
  missingCell: (body: Body) => withRows(body, ({ f }) => ({ f: f.slice(0, -1) })),
  extraCell: (body: Body) => withRows(body, ({ f }) => ({ f: [...f, { v: 'one too many' }] })),
  wrongCell: (body: Body) =>
    withCells(body, (value, type) => (type === 'STRING' ? value : 'wrong')),
  wrongText: (body: Body) =>
    withCells(body, (value, type) => (type === 'STRING' ? { text: value } : value)),
  incomplete: ({ kind, jobReference }: Body) => ({ kind, jobReference, jobComplete: false }),
  endless: (body: Body) => ({ ...body, pageToken: firstPage }),
};

/** The token of the page that begins at row 0: following it never comes to an end. */
const firstPage = Buffer.from('row:0').toString('base64url');

function withRows(body: Body, change: (row: Row) => Row): Body {
  return body.rows === undefined ? body : { ...body, rows: body.rows.map(change) };
}

function withCells(body: Body, change: (value: unknown, type?: string) => unknown): Body {
  return withRows(body, ({ f }) => ({
    f: f.map(({ v }, at) => ({ v: v === null ? v : change(v, body.schema?.fields[at]?.type) })),
  }));
}

const replies = new WeakMap<Fault, Reply>();

/** The reply that the fault held back last time, in place of this one; the first goes out as it is, and then once more. */
function exchanged(fault: Fault, reply: Reply): Reply {
  const before = replies.get(fault) ?? reply;
  replies.set(fault, reply);
  return before;
}
