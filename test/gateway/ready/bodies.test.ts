import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, test } from 'node:test';
import { constants, gunzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import type { Encoding } from '../../../gateway/ready/accepted-encoding.ts';
import { openMember } from '../../../gateway/ready/gzip-member.ts';
import type { OpenBody } from '../../../gateway/ready/open-body.ts';
import { createReadyBody, type Written } from '../../../gateway/ready/ready-body.ts';
import { openFrame } from '../../../gateway/ready/zstd-frame.ts';

const DECODE: Readonly<Record<Encoding, (bytes: Buffer) => Buffer>> = {
  identity: (bytes) => bytes,
  gzip: gunzipSync,
  zstd: zstdDecompressSync,
};
const bytesOf = ({ body }: Written) =>
  typeof body === 'string' ? Buffer.from(body, 'latin1') : Buffer.concat(body);
const anyBytes = fc
  .tuple(fc.uint8Array({ maxLength: 400 }), fc.nat(400))
  .map(([bytes, times]) => Buffer.concat(Array.from({ length: times }, () => bytes)));
/** What stands before and after an answer’s own end. */
const meta = { before: '<', after: '>' };
const ascii = fc.string({ unit: 'binary-ascii', maxLength: 300 });
const anyText = fc.tuple(ascii, fc.nat(400)).map(([text, times]) => text.repeat(times));
const ended = ({ bytes, end }: OpenBody, last: string) =>
  Buffer.concat([bytes, Buffer.from(end(last), 'latin1')]);

describe('the beginning of a gzip member', () => {
  test('can be ended with anything, and decodes to both', async () => {
    await fc.assert(
      fc.asyncProperty(anyBytes, anyText, anyText, async (data, one, other) => {
        const member = await openMember(data);
        for (const last of [one, other])
          assert.deepEqual(
            gunzipSync(ended(member, last)),
            Buffer.concat([data, Buffer.from(last)]),
          );
      }),
      { numRuns: 50, examples: [[Buffer.alloc(10), 'x'.repeat(65_535), 'x'.repeat(65_536)]] },
    );
  });
});

describe('a zstd frame without its end', () => {
  // The sizes at which a frame's header, its window or its blocks change.
  const lengths = [0, 1, 255, 256, 65_791, 65_792, 131_071, 131_072, 131_073, 500_000, 9_000_000];

  for (const length of lengths)
    test(`decodes with what ends it: ${length} bytes, framed already or not`, async () => {
      const bytes = randomBytes(length).map((byte) => byte & 0b11);
      const rows = Buffer.from(bytes);
      const before = { bytes: Buffer.from('{"data":') };
      for (const zstd of [undefined, zstdCompressSync(rows), streamed(rows)]) {
        const frame = await openFrame([before, { bytes: rows, zstd }]);
        for (const end of ['', '}', 'x'.repeat(300_000)]) {
          const sent = ended(frame, end);
          const whole = Buffer.concat([before.bytes, rows, Buffer.from(end)]);
          assert.ok(zstdDecompressSync(sent).equals(whole), `an end of ${end.length} bytes`);
        }
      }
    });

  test('is made anew where a frame is not of the plain kind, or broken', async () => {
    const rows = Buffer.from('row '.repeat(1_000));
    const checked = zstdCompressSync(rows, { params: { [constants.ZSTD_c_checksumFlag]: 1 } });
    const plain = zstdCompressSync(rows);
    const twice = Buffer.concat([plain, plain]);
    for (const zstd of [checked, twice, plain.subarray(0, -1), Buffer.from('no frame'), rows]) {
      const frame = await openFrame([{ bytes: rows, zstd }]);
      const sent = ended(frame, '!');
      assert.equal(zstdDecompressSync(sent).toString(), `${rows.toString()}!`);
    }
  });
});

/** A frame whose size was not known at its beginning: it names its window. */
function streamed(bytes: Buffer): Buffer {
  const frame = zstdCompressSync(bytes, { finishFlush: constants.ZSTD_e_flush });
  // An empty raw block that is the last.
  return Buffer.concat([frame, Buffer.from([1, 0, 0])]);
}

describe('a ready body', () => {
  test('is the same bytes in every encoding, with an end of its own for each answer', async () => {
    const rows = anyBytes.map((bytes) => ({ bytes, zstd: zstdCompressSync(bytes) }));
    const loose = anyBytes.map((bytes) => ({ bytes }));
    const pieces = fc.array(fc.oneof(rows, loose), { maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(pieces, ascii, ascii, async (all, one, other) => {
        const data = Buffer.concat(all.map(({ bytes }) => bytes));
        const body = createReadyBody(all);
        for (const encoding of ['identity', 'gzip', 'zstd'] as const) {
          await body.make(encoding);
          assert.ok(body.has(encoding));
          for (const end of [one, other]) {
            const written = body.write(encoding, meta, end);
            const sent = bytesOf(written);
            assert.equal(written.encoding, encoding);
            assert.equal(written.bytes, sent.length);
            assert.deepEqual(
              DECODE[encoding](sent),
              Buffer.concat([data, Buffer.from(`<${end}>`)]),
            );
          }
        }
      }),
      { numRuns: 50 },
    );
  });

  test('leaves unpacked until an encoding is made', async () => {
    const body = createReadyBody([{ bytes: Buffer.alloc(1_000, 'a') }]);
    assert.equal(body.has('gzip'), false);
    assert.equal(body.write('gzip', meta, '!').encoding, 'identity');
    await body.make('gzip');
    assert.equal(body.write('gzip', meta, '!').encoding, 'gzip');
  });

  test('takes rows that are stored as a frame as they are', async () => {
    const bytes = Buffer.alloc(10_000, 'row ');
    const zstd = zstdCompressSync(bytes);
    const body = createReadyBody([{ bytes: Buffer.from('{') }, { bytes, zstd }]);
    await body.make('zstd');
    const sent = bytesOf(body.write('zstd', meta, '}'));
    // Without the frame's header, and the bit that says which block is the last.
    const blocks = zstd.subarray(10);
    assert.ok(sent.includes(blocks));
    assert.equal(zstdDecompressSync(sent).toString(), `{${bytes.toString()}<}>`);
  });

  test('is not compressed below 500 bytes', () => {
    const of = (length: number) => createReadyBody([{ bytes: Buffer.alloc(length) }]);
    assert.equal(of(499).encodingFor('gzip'), 'identity');
    assert.equal(of(500).encodingFor('gzip'), 'gzip');
  });

  test('grows by what is made of it', async () => {
    const body = createReadyBody([{ bytes: Buffer.alloc(1_000, 'a') }]);
    const plain = body.bytes;
    await Promise.all([body.make('gzip'), body.make('gzip')]);
    const once = body.bytes;
    assert.ok(once > plain);
    await body.make('gzip');
    assert.equal(body.bytes, once);
  });
});
