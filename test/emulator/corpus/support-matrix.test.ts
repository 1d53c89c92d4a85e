import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { corpus } from './corpus.ts';
import { supportMatrix } from './support-matrix.ts';

describe('docs/googlesql.md', () => {
  test('says what the corpus says', async () => {
    const page = await readFile(new URL('../../../docs/googlesql.md', import.meta.url), 'utf8');
    assert.equal(page, supportMatrix(), 'run node test/emulator/corpus/write-support-matrix.ts');
  });

  test('no two statements of a topic have one name', () => {
    for (const { title, cases } of corpus) {
      const names = cases.map((one) => one.name);
      assert.deepEqual(names, [...new Set(names)], title);
    }
  });

  test('the corpus holds at least 150 statements', () => {
    assert.ok(corpus.flatMap((topic) => topic.cases).length >= 150);
  });
});
