import { promisify } from 'node:util';
import { constants, crc32, zstdCompress, zstdDecompress, zstdDecompressSync } from 'node:zlib';
import { z } from 'zod';
import type { Entry } from './entry.ts';

/** Below this many bytes compression costs more than it saves. */
const LEAST_COMPRESSED_BYTES = 500;
/** No entry is larger than this, compressed or not: the bound that a forged or broken length runs into. */
export const MAX_ENTRY_BYTES = 64 * 1024 * 1024;

/** No stored entry is longer than this: what is read of a key, whatever stands there. */
export const MAX_STORED_BYTES = 16 * 1024 * 1024;

/** Up to this many bytes the way to another thread and back costs more than the decompression. */
const MOST_SYNC_BYTES = 64 * 1024;

/** A slice may keep so many times its own length in memory. */
const MOST_KEPT_SHARE = 2;

const FAMILY = Buffer.from('PNC');
const MAGIC = Buffer.from('PNC1');
/** The magic, the checksum and the header's length. */
const PREFIX_BYTES = 12;
const compress = promisify(zstdCompress);
const decompress = promisify(zstdDecompress);

const headerSchema = z.object({
  fingerprint: z.string(),
  query: z.string(),
  version: z.string(),
  asOf: z.number(),
  rowCount: z.int().min(0),
  warmed: z.boolean().optional(),
  encoding: z.enum(['identity', 'zstd']),
  rawBytes: z.int().min(0).max(MAX_ENTRY_BYTES),
});

/** An entry read back, or why its bytes are none: unreadable bytes are a miss and never an error. */
export type Decoded =
  | { readonly ok: true; readonly entry: Entry }
  | { readonly ok: false; readonly why: string; readonly foreign?: true };

/** A result that is larger than an entry may be. */
export class EntryTooLargeError extends RangeError {
  constructor(what: string, bytes: number, maxBytes: number) {
    super(`${what} take ${bytes} bytes, more than ${maxBytes}`);
    this.name = 'EntryTooLargeError';
  }
}

/**
 * `PNC1`, a crc32 of all that follows it, the header's length (both 32 bits, big endian), the header as JSON, then the
 * rows, compressed when that pays. Rejects with an {@link EntryTooLargeError} rather than write what nobody would read.
 */
export async function encodeEntry(entry: Entry): Promise<Buffer> {
  if (entry.rows.length > MAX_ENTRY_BYTES)
    throw new EntryTooLargeError('the rows', entry.rows.length, MAX_ENTRY_BYTES);
  const small = entry.rows.length < LEAST_COMPRESSED_BYTES;
  const payload = small
    ? entry.rows
    : await compress(entry.rows, { params: { [constants.ZSTD_c_compressionLevel]: 3 } });
  const { rows, zstd: _, outdatedAt: __, unchangedAt: ___, ...facts } = entry;
  const header = Buffer.from(
    JSON.stringify({
      ...facts,
      encoding: small ? 'identity' : 'zstd',
      rawBytes: rows.length,
    } satisfies z.input<typeof headerSchema>),
  );
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(header.length, 4);
  numbers.writeUInt32BE(checksum(numbers.subarray(4), header, payload), 0);
  const bytes = MAGIC.length + numbers.length + header.length + payload.length;
  if (bytes > MAX_STORED_BYTES)
    throw new EntryTooLargeError('the compressed rows', bytes, MAX_STORED_BYTES);
  return Buffer.concat([MAGIC, numbers, header, payload], bytes);
}

/**
 * Reads any bytes: an entry that carries this fingerprint, or the reason why there is none. `foreign` bytes are those of
 * an older or newer format, which another release may read. Never throws.
 */
export async function decodeEntry(bytes: Buffer, fingerprint: string): Promise<Decoded> {
  if (bytes.length > MAX_STORED_BYTES) return { ok: false, why: 'too long' };
  if (isForeign(bytes)) return { ok: false, why: 'another format', foreign: true };
  const parts = split(bytes);
  if (!parts) return { ok: false, why: 'not an entry' };
  if (parts.checksum !== checksum(parts.checked)) return { ok: false, why: 'checksum differs' };
  const header = readHeader(parts.header);
  if (!header) return { ok: false, why: 'unreadable header' };
  if (header.fingerprint !== fingerprint) return { ok: false, why: 'entry of another fingerprint' };

  const { encoding, rawBytes, ...facts } = header;
  if (encoding === 'identity')
    return { ok: true, entry: { ...facts, rows: detached(parts.payload) } };
  try {
    const rows = detached(await unpack(parts.payload, rawBytes));
    return rows.length === rawBytes
      ? { ok: true, entry: { ...facts, rows, zstd: detached(parts.payload) } }
      : { ok: false, why: 'length differs' };
  } catch {
    return { ok: false, why: 'cannot be decompressed' };
  }
}

/** Bytes of their own: small buffers, and those that Redis sent, are often slices of a larger one that they would keep in memory. */
function detached(bytes: Buffer): Buffer {
  if (bytes.buffer.byteLength <= MOST_KEPT_SHARE * bytes.byteLength) return bytes;
  const own = Buffer.allocUnsafeSlow(bytes.byteLength);
  bytes.copy(own);
  return own;
}

/** Over the header too: a flipped digit in `asOf` would otherwise be a lie about the age. */
function checksum(...parts: readonly Buffer[]): number {
  return parts.reduce((sum, part) => crc32(part, sum), 0);
}

/** At most `rawBytes` come out, whatever the payload says: more is an error, and a miss. */
async function unpack(payload: Buffer, rawBytes: number): Promise<Buffer> {
  const maxOutputLength = Math.max(1, rawBytes);
  if (rawBytes > MOST_SYNC_BYTES) return decompress(payload, { maxOutputLength });
  return zstdDecompressSync(payload, { maxOutputLength, chunkSize: Math.max(64, rawBytes) });
}

/** The magic of another version of the format: three letters and any other digit. */
function isForeign(bytes: Buffer): boolean {
  const version = bytes[FAMILY.length];
  if (version === undefined || !bytes.subarray(0, FAMILY.length).equals(FAMILY)) return false;
  return version >= 0x30 && version <= 0x39 && version !== MAGIC[FAMILY.length];
}

function split(bytes: Buffer) {
  if (bytes.length < PREFIX_BYTES || !bytes.subarray(0, 4).equals(MAGIC)) return undefined;
  const end = PREFIX_BYTES + bytes.readUInt32BE(8);
  if (end > bytes.length) return undefined;
  return {
    checksum: bytes.readUInt32BE(4),
    checked: bytes.subarray(8),
    header: bytes.subarray(PREFIX_BYTES, end),
    payload: bytes.subarray(end),
  };
}

function readHeader(bytes: Buffer): z.output<typeof headerSchema> | undefined {
  try {
    return headerSchema.safeParse(JSON.parse(bytes.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
