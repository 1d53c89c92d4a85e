import { crc32, zstdCompressSync } from 'node:zlib';

/** What an entry's header says. */
export interface Header {
  readonly fingerprint: string;
  readonly query: string;
  readonly version: string;
  readonly asOf: number;
  readonly rowCount: number;
  readonly encoding: string;
  readonly rawBytes: number;
}

/** Bytes in the format of entries, written down here a second time: `PNC1`, checksum, header length, header, payload. */
export function entryBytes(header: Header, payload: Buffer, magic = 'PNC1'): Buffer {
  return framed(Buffer.from(JSON.stringify(header)), payload, magic);
}

/** The same around a header that may be anything; the checksum is right. */
export function framed(header: Buffer, payload: Buffer, magic = 'PNC1'): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(payload, crc32(header, crc32(length))));
  return Buffer.concat([Buffer.from(magic), checksum, length, header, payload]);
}

/** The header of an entry as it is stored. */
export function headerOf(bytes: Buffer): Header {
  return JSON.parse(bytes.toString('utf8', 12, 12 + bytes.readUInt32BE(8))) as Header;
}

/** Everything behind the header. */
export function payloadOf(bytes: Buffer): Buffer {
  return bytes.subarray(12 + bytes.readUInt32BE(8));
}

/** A few kilobytes that unpack to so many mebibytes of blanks. */
export function bomb(mebibytes: number): Buffer {
  return zstdCompressSync(Buffer.alloc(mebibytes * 2 ** 20, ' '));
}
