import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, deflateRawSync } from 'node:zlib';
import type { OpenBody } from './open-body.ts';

/** RFC 1952, section 2.3: deflate, no flags, no time, no level told, system unknown. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
const MOST_STORED_BYTES = 65_535;
const deflate = promisify(deflateRaw);

/**
 * A gzip member without its end, compressed off the event loop. The blocks end on a byte's boundary and are not the last ones (a full flush), so stored
 * blocks can follow (RFC 1951, section 3.2.4), and the checksum goes on from where it stands.
 */
export async function openMember(data: Buffer): Promise<OpenBody> {
  const blocks = await deflate(data, { finishFlush: constants.Z_FULL_FLUSH });
  const checksum = crc32(data);
  return {
    bytes: Buffer.concat([HEADER, blocks]),
    end: (last) =>
      Buffer.concat([lastBlock(last), trailer(crc32(last, checksum), data.length + last.length)]),
  };
}

function lastBlock(bytes: Buffer): Buffer {
  if (bytes.length > MOST_STORED_BYTES) return deflateRawSync(bytes);
  const block = Buffer.allocUnsafe(5 + bytes.length);
  block.writeUInt8(1, 0);
  block.writeUInt16LE(bytes.length, 1);
  block.writeUInt16LE(~bytes.length & 0xffff, 3);
  bytes.copy(block, 5);
  return block;
}

function trailer(checksum: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeUInt32LE(checksum, 0);
  bytes.writeUInt32LE(length % 2 ** 32, 4);
  return bytes;
}
