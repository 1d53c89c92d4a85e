import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { randomBytes } from 'node:crypto';
import { withClaims } from './with-claims.ts';

describe('an entry that cannot be read is a miss, and is replaced', async () => {
  const stack = await withClaims();
  after(() => stack.stop());

  /** The bytes of a good entry of this question. */
  const goodBytes = async (key: string) => {
    const asked = { query: 'bare', parameters: { key } };
    await stack.put(asked, [{ key, stamp: 'x'.repeat(2_000) }], 0);
    return stack.storedBytes(asked);
  };
  const cases: Record<string, () => Promise<Buffer>> = {
    empty: async () => Buffer.alloc(0),
    random: async () => randomBytes(500),
    text: async () => Buffer.from('{"data":[]}'),
    truncated: async () => (await goodBytes('truncated')).subarray(0, -10),
    'cut in its header': async () => (await goodBytes('cut in its header')).subarray(0, 20),
    flipped: async () => {
      const bytes = await goodBytes('flipped');
      bytes.writeUInt8(bytes.readUInt8(bytes.length - 3) ^ 1, bytes.length - 3);
      return bytes;
    },
    "another question's": () => goodBytes('other'),
  };

  for (const [name, bytesOf] of Object.entries(cases))
    test(name, async () => {
      const asked = { query: 'bare', parameters: { key: name } };
      await stack.putBytes(asked, await bytesOf());
      const { status, body } = await stack.ask(asked);
      assert.equal(status, 200);
      assert.equal(body.meta.source, 'live');
      assert.equal(body.data[0].key, name);
      assert.equal((await stack.stored(asked))?.asOf, Date.parse(body.meta.asOf));
      assert.equal((await stack.ask(asked)).body.meta.source, 'fresh');
    });
});
