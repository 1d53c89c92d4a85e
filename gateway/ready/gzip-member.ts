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
  // What ends it does not keep the data alive.
  const { length } = data;
  return {
    bytes: Buffer.concat([HEADER, blocks]),
    end(last) {
      const whole = littleEndian((length + last.length) % 2 ** 32, 4);
      return lastBlock(last) + littleEndian(crc32(last, checksum), 4) + whole;
    },
  };
}

function lastBlock(text: string): string {
  const { length } = text;
  if (length > MOST_STORED_BYTES)
    return deflateRawSync(Buffer.from(text, 'latin1')).toString('latin1');
  return `\u0001${littleEndian(length, 2)}${littleEndian(~length & 0xffff, 2)}${text}`;
}

function littleEndian(value: number, bytes: 2 | 4): string {
  const low = String.fromCharCode(value & 0xff, (value >>> 8) & 0xff);
  return bytes === 2 ? low : low + littleEndian(value >>> 16, 2);
}
