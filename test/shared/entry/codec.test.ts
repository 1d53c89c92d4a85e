import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  decodeEntry,
  encodeEntry,
  EntryTooLargeError,
  MAX_ENTRY_BYTES,
  MAX_STORED_BYTES,
} from '../../../shared/entry/codec.ts';
import type { Entry } from '../../../shared/entry/entry.ts';
import { makeEntry, newFingerprint, withoutFrame } from './make-entry.ts';

const large = makeEntry({
  rows: Buffer.from(JSON.stringify(Array.from({ length: 500 }, () => ({ a: 'row' })))),
});
const small = makeEntry();

describe('an encoded entry', () => {
  test('comes back as it was, whatever its rows and names are', async () => {
    const entry: fc.Arbitrary<Entry> = fc.record(
      {
        fingerprint: fc.string(),
        query: fc.string(),
        version: fc.string(),
        asOf: fc.double({ noNaN: true, noDefaultInfinity: true }).map((asOf) => asOf + 0),
        rowCount: fc.nat(),
        rows: fc.uint8Array({ maxLength: 3_000 }).map((bytes) => Buffer.from(bytes)),
      },
      { noNullPrototype: true },
    );
    await fc.assert(
      fc.asyncProperty(entry, async (one) => {
        const decoded = await decodeEntry(await encodeEntry(one), one.fingerprint);
        assert.ok(decoded.ok);
        assert.deepEqual(withoutFrame(decoded.entry), one);
      }),
    );
  });

  test('comes with the frame that its rows are stored in, and holds on to nothing else', async () => {
    const stored = await encodeEntry(large);
    const chunk = Buffer.concat([Buffer.alloc(100_000), stored, Buffer.alloc(100_000)]);
    const decoded = await decodeEntry(chunk.subarray(100_000, -100_000), large.fingerprint);
    assert.ok(decoded.ok);
    const { rows, zstd = Buffer.alloc(0) } = decoded.entry;
    assert.deepEqual(zstdDecompressSync(zstd), large.rows);
    for (const bytes of [rows, zstd]) assert.ok(bytes.buffer.byteLength <= 2 * bytes.byteLength);
  });

  test('says whether it was made before anybody asked', async () => {
    const warmed = makeEntry({ warmed: true });
    const decoded = await decodeEntry(await encodeEntry(warmed), warmed.fingerprint);
    assert.equal(decoded.ok && decoded.entry.warmed, true);
    const plain = await decodeEntry(await encodeEntry(small), small.fingerprint);
    assert.equal(plain.ok && 'warmed' in plain.entry, false);
  });

  test('is compressed when its rows are many, and not when they are few', async () => {
    assert.ok((await encodeEntry(large)).length < large.rows.length / 5);
    assert.ok((await encodeEntry(small)).includes(small.rows));
  });

  test('may have no rows at all', async () => {
    const empty = makeEntry({ rowCount: 0, rows: Buffer.alloc(0) });
    assert.deepEqual(await decodeEntry(await encodeEntry(empty), empty.fingerprint), {
      ok: true,
      entry: empty,
    });
  });

  test('is refused when it is too large', async () => {
    const rows = Buffer.alloc(MAX_ENTRY_BYTES + 1);
    await assert.rejects(encodeEntry(makeEntry({ rows })), EntryTooLargeError);
  });

  test('is refused when it is too large to be read back, however it was compressed', async () => {
    const rows = randomBytes(MAX_STORED_BYTES);
    await assert.rejects(encodeEntry(makeEntry({ rows })), EntryTooLargeError);
    const fits = makeEntry({ rows: rows.subarray(0, MAX_STORED_BYTES - 10_000) });
    assert.ok((await encodeEntry(fits)).length <= MAX_STORED_BYTES);
  });
});

describe('an entry that a release has stored', () => {
  for (const [name, { entry, base64 }] of Object.entries(released()))
    test(`stays readable: PNC1, ${name}`, async () => {
      const decoded = await decodeEntry(Buffer.from(base64, 'base64'), entry.fingerprint);
      assert.ok(decoded.ok);
      const expected = { ...entry, rows: Buffer.from(entry.rows) };
      assert.deepEqual(withoutFrame(decoded.entry), expected);
    });

  test('in another format is foreign, and not unreadable', async () => {
    for (const magic of ['PNC0', 'PNC2', 'PNC9']) {
      const decoded = await decodeEntry(Buffer.from(`${magic}rest`), small.fingerprint);
      assert.deepEqual(decoded, { ok: false, why: 'another format', foreign: true });
    }
    for (const magic of ['PNC', 'PNCx', 'PN12'])
      assert.equal('foreign' in (await decodeEntry(Buffer.from(magic), small.fingerprint)), false);
  });
});

describe('bytes that are no sound entry', () => {
  test('of any kind give a reason and never throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 500 }), async (bytes) => {
        assert.equal((await decodeEntry(Buffer.from(bytes), small.fingerprint)).ok, false);
      }),
    );
  });

  test('with a sound frame around any header give a reason, or an entry of this fingerprint', async () => {
    const header = fc.oneof(
      fc.json(),
      fc.string(),
      fc
        .record(
          {
            fingerprint: fc.constantFrom<unknown>(small.fingerprint, 1, null),
            query: fc.constantFrom<unknown>('q', 1),
            version: fc.constantFrom<unknown>('v', []),
            asOf: fc.oneof<fc.Arbitrary<unknown>[]>(fc.double(), fc.constant('1')),
            rowCount: fc.oneof(fc.integer(), fc.double()),
            encoding: fc.constantFrom('identity', 'zstd', 'gzip'),
            rawBytes: fc.integer(),
            ['__proto__']: fc.constant({ polluted: true }),
          },
          { requiredKeys: [] },
        )
        .map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(header, fc.uint8Array(), async (text, payload) => {
        const decoded = await decodeEntry(framed(text, payload), small.fingerprint);
        if (decoded.ok) assert.equal(decoded.entry.fingerprint, small.fingerprint);
        else assert.notEqual(decoded.why, 'checksum differs');
      }),
    );
    assert.equal('polluted' in {}, false);
  });

  test('with any single bit flipped are found out', async () => {
    for (const entry of [small, large]) {
      const bytes = await encodeEntry(entry);
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        assert.equal((await decodeEntry(flipped, entry.fingerprint)).ok, false, `bit ${bit}`);
      }
    }
  });

  test('cut off anywhere are found out', async () => {
    const bytes = await encodeEntry(large);
    for (let length = 0; length < bytes.length; length++) {
      const decoded = await decodeEntry(bytes.subarray(0, length), large.fingerprint);
      assert.equal(decoded.ok, false, `${length} bytes`);
    }
  });

  test('that carry another fingerprint are not served under this one', async () => {
    const decoded = await decodeEntry(await encodeEntry(small), newFingerprint());
    assert.deepEqual(decoded, { ok: false, why: 'entry of another fingerprint' });
  });

  test('that unpack to more than they say are not unpacked', async () => {
    const bomb = zstdCompressSync(Buffer.alloc(256 * 1024 * 1024));
    const header = { ...headerOf(small), encoding: 'zstd' };
    const before = process.memoryUsage().arrayBuffers;
    for (const rawBytes of [0, 10, 1_000_000]) {
      const bytes = framed(JSON.stringify({ ...header, rawBytes }), bomb);
      const decoded = await decodeEntry(bytes, small.fingerprint);
      assert.deepEqual(decoded, { ok: false, why: 'cannot be decompressed' });
    }
    const huge = framed(JSON.stringify({ ...header, rawBytes: MAX_ENTRY_BYTES + 1 }), bomb);
    assert.deepEqual(await decodeEntry(huge, small.fingerprint), {
      ok: false,
      why: 'unreadable header',
    });
    assert.ok(process.memoryUsage().arrayBuffers - before < 64 * 1024 * 1024);
  });

  test('that unpack to less than they say are found out', async () => {
    const header = { ...headerOf(small), encoding: 'zstd', rawBytes: 100 };
    const bytes = framed(JSON.stringify(header), zstdCompressSync(Buffer.from('[]')));
    assert.deepEqual(await decodeEntry(bytes, small.fingerprint), {
      ok: false,
      why: 'length differs',
    });
  });
});

function headerOf({ rows, ...facts }: Entry) {
  return { ...facts, encoding: 'identity', rawBytes: rows.length };
}

/** A frame as the codec writes it, around anything. */
function framed(header: string, payload: Uint8Array): Buffer {
  const text = Buffer.from(header);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  const checked = Buffer.concat([length, text, payload]);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(checked));
  return Buffer.concat([Buffer.from('PNC1'), checksum, checked]);
}

/** What the first release wrote, byte by byte: never to be written anew. */
function released(): Record<
  string,
  { entry: Omit<Entry, 'rows'> & { rows: string }; base64: string }
> {
  return JSON.parse(readFileSync(new URL('./fixtures/pnc1.json', import.meta.url), 'utf8'));
}
