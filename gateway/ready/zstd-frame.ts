import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import type { OpenBody } from './open-body.ts';

/** A stretch of a body: plain, and as a zstd frame of its own where there is one. */
export interface Stretch {
  readonly bytes: Buffer;
  readonly zstd?: Buffer | undefined;
}

const MAGIC = 0xfd2fb528;
const MAGIC_BYTES = 4;
const BLOCK_HEADER_BYTES = 3;
const MOST_BLOCK_BYTES = 128 * 1_024;
/** The least window that holds the largest block; what a descriptor says is two to the power of ten and its five upper bits. */
const LEAST_WINDOW = windowOf(MOST_BLOCK_BYTES);
/** What a block says it is in its second and third bit (RFC 8878, section 3.1.1.2.2). */
const RLE_BLOCK = 1;
const compress = promisify(zstdCompress);

/**
 * One zstd frame (RFC 8878) without its last block, so that raw ones can follow. One, because not every decoder reads frames
 * in a row: Node's stops after the first. Where one stretch has a frame already its blocks are taken over as they are; blocks
 * of two frames cannot share one, for they refer to offsets that their own frame has used before.
 */
export async function openFrame(stretches: readonly Stretch[]): Promise<OpenBody> {
  const blocks = takenOver(stretches) ?? (await compressed(stretches));
  return {
    bytes: blocks,
    end: (last) => rawBlocks(Buffer.from(last, 'latin1'), true).toString('latin1'),
  };
}

function takenOver(stretches: readonly Stretch[]): Buffer | undefined {
  const [framed, another] = stretches.filter(({ zstd }) => zstd);
  const frame = !another && framed?.zstd ? readFrame(framed.zstd) : undefined;
  if (!frame) return undefined;
  const all = stretches.map((one) => (one === framed ? frame.blocks : rawBlocks(one.bytes, false)));
  return Buffer.concat([header(Math.max(frame.window, LEAST_WINDOW)), ...all]);
}

async function compressed(stretches: readonly Stretch[]): Promise<Buffer> {
  const bytes = Buffer.concat(stretches.map((one) => one.bytes));
  // Of nothing not even a header is made.
  if (bytes.length === 0) return header(LEAST_WINDOW);
  return compress(bytes, { finishFlush: constants.ZSTD_e_flush });
}

/** Of a frame without content size, checksum and dictionary. */
function header(window: number): Buffer {
  const bytes = Buffer.alloc(MAGIC_BYTES + 2);
  bytes.writeUInt32LE(MAGIC, 0);
  bytes.writeUInt8(window, MAGIC_BYTES + 1);
  return bytes;
}

/** A frame's blocks, none of them its last, and the descriptor of the window that they need; undefined if it is not of the plain kind. */
function readFrame(
  frame: Buffer,
): { readonly blocks: Buffer; readonly window: number } | undefined {
  if (frame.length < MAGIC_BYTES + 2 || frame.readUInt32LE(0) !== MAGIC) return undefined;
  const descriptor = frame.readUInt8(MAGIC_BYTES);
  const hasDictionaryOrChecksum = (descriptor & 0b111) !== 0;
  if (hasDictionaryOrChecksum) return undefined;
  const isOneSegment = (descriptor & 0b10_0000) !== 0;
  const sizeBytes = [isOneSegment ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0;
  const headerBytes = MAGIC_BYTES + 1 + (isOneSegment ? 0 : 1) + sizeBytes;
  const blocks = Buffer.from(frame.subarray(headerBytes));
  const lastAt = lastBlockAt(blocks);
  if (lastAt === undefined) return undefined;
  blocks.writeUInt8(blocks.readUInt8(lastAt) & ~1, lastAt);
  const window = isOneSegment
    ? windowOf(readSize(frame.subarray(headerBytes - sizeBytes, headerBytes)))
    : frame.readUInt8(MAGIC_BYTES + 1);
  return { blocks, window };
}

/** Where the last block begins, if the blocks end with it. */
function lastBlockAt(blocks: Buffer): number | undefined {
  for (let at = 0; at + BLOCK_HEADER_BYTES <= blocks.length; ) {
    const header = blocks.readUIntLE(at, BLOCK_HEADER_BYTES);
    const bytes = ((header >> 1) & 0b11) === RLE_BLOCK ? 1 : header >> 3;
    const next = at + BLOCK_HEADER_BYTES + bytes;
    if ((header & 1) === 1) return next === blocks.length ? at : undefined;
    at = next;
  }
  return undefined;
}

/** The content size of a frame (section 3.1.1.1.4): two bytes count from 256 on. */
function readSize(field: Buffer): number {
  if (field.length === 8) return Number(field.readBigUInt64LE(0));
  return field.readUIntLE(0, field.length) + (field.length === 2 ? 256 : 0);
}

/** The descriptor of the least power of two that holds so many bytes. */
function windowOf(bytes: number): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(1, bytes))) - 10) << 3;
}

function rawBlocks(bytes: Buffer, isLast: boolean): Buffer {
  const count = Math.max(1, Math.ceil(bytes.length / MOST_BLOCK_BYTES));
  const blocks = Buffer.allocUnsafe(count * BLOCK_HEADER_BYTES + bytes.length);
  for (let block = 0; block < count; block++) {
    const start = block * MOST_BLOCK_BYTES;
    const length = Math.min(MOST_BLOCK_BYTES, bytes.length - start);
    const at = start + block * BLOCK_HEADER_BYTES;
    blocks.writeUIntLE(
      (length << 3) | (isLast && block === count - 1 ? 1 : 0),
      at,
      BLOCK_HEADER_BYTES,
    );
    bytes.copy(blocks, at + BLOCK_HEADER_BYTES, start, start + length);
  }
  return blocks;
}
