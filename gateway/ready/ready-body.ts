import type { DataPiece, Meta } from '../http/envelope.ts';
import type { Encoding } from './accepted-encoding.ts';
import { openMember } from './gzip-member.ts';
import type { OpenBody } from './open-body.ts';
import { openFrame } from './zstd-frame.ts';

/** A body that is written once, in every encoding that somebody has asked for, but for its end, which each answer has of its own. */
export interface ReadyBody {
  /** What it takes in memory by now. */
  readonly bytes: number;
  /** The encoding that a caller gets who would take this one: little is not compressed. */
  encodingFor(accepted: Encoding): Encoding;
  /** Whether it can be written in the encoding at once. */
  has(encoding: Encoding): boolean;
  /** Makes it in the encoding, once, off the event loop. */
  make(encoding: Encoding): Promise<void>;
  /** The whole body: the data, then `own` within the meta, both ASCII; identity where the encoding has not been made. */
  write(encoding: Encoding, meta: Meta, own: string): Written;
}

/** A body as it is sent. Text is Latin-1: each character is a byte. */
export interface Written {
  readonly encoding: Encoding;
  readonly body: string | readonly Buffer[];
  readonly bytes: number;
}

/** Below this many bytes compression costs more than it saves. */
const LEAST_COMPRESSED_BYTES = 500;
/** A short body leaves sooner as text, compressed or not, in one write with its head; a longer one as bytes. */
const MOST_TEXT_BYTES = 8 * 1_024;

/** The body of these pieces, as yet in no encoding but identity. */
export function createReadyBody(pieces: readonly DataPiece[]): ReadyBody {
  const parts = pieces.map(({ bytes }) => bytes);
  const length = lengthOf(parts);
  const opening = length <= MOST_TEXT_BYTES ? createOpening(parts) : undefined;
  const compressed = new Map<Encoding, Compressed>();
  const making = new Map<Encoding, Promise<void>>();

  const begin = async (encoding: Encoding) => {
    if (encoding === 'gzip')
      compressed.set(encoding, startOf(await openMember(Buffer.concat(parts, length))));
    if (encoding === 'zstd') compressed.set(encoding, startOf(await openFrame(pieces)));
  };
  return {
    get bytes() {
      const text = opening ? length : 0;
      return [...compressed.values()].reduce((sum, { bytes }) => sum + bytes, length + text);
    },
    encodingFor: (accepted) => (length < LEAST_COMPRESSED_BYTES ? 'identity' : accepted),
    has: (encoding) => encoding === 'identity' || compressed.has(encoding),
    make(encoding) {
      const standing = making.get(encoding);
      if (standing) return standing;
      const begun = begin(encoding);
      making.set(encoding, begun);
      return begun;
    },
    write(encoding, meta, own) {
      if (encoding === 'identity' && opening)
        return asText(encoding, opening(meta.before) + own + meta.after);
      const last = meta.before + own + meta.after;
      const begun = compressed.get(encoding);
      // Rows are not copied: a large answer costs its readers no time and no memory of its own.
      if (!begun) return asBytes('identity', [...parts, Buffer.from(last, 'latin1')]);
      const end = begun.end(last);
      return typeof begun.start === 'string'
        ? asText(encoding, begun.start + end)
        : asBytes(encoding, [begun.start, Buffer.from(end, 'latin1')]);
    },
  };
}

/** A compressed body but for its end: text in one piece if it is short. */
interface Compressed {
  readonly start: string | Buffer;
  readonly bytes: number;
  readonly end: (last: string) => string;
}

function startOf({ bytes, end }: OpenBody): Compressed {
  const start = bytes.length <= MOST_TEXT_BYTES ? bytes.toString('latin1') : bytes;
  return { start, bytes: bytes.length, end };
}

/** The parts before a text that changes seldom, Latin-1. */
function createOpening(parts: readonly Buffer[]): (before: string) => string {
  let last: { readonly before: string; readonly whole: string } | undefined;
  return (before) => {
    if (last?.before !== before) {
      const whole = Buffer.concat([...parts, Buffer.from(before, 'latin1')]).toString('latin1');
      last = { before, whole };
    }
    return last.whole;
  };
}

function asText(encoding: Encoding, body: string): Written {
  return { encoding, body, bytes: body.length };
}

function asBytes(encoding: Encoding, body: readonly Buffer[]): Written {
  return { encoding, body, bytes: lengthOf(body) };
}

function lengthOf(parts: readonly Buffer[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}
