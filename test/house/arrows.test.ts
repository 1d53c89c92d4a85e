import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { arrowProblems, importsOf, RULES } from './arrows.ts';
import { ROOMS, sourceFiles } from './source-files.ts';

const LONGEST_FILE_LINES = 250;

describe('the imports of the house', () => {
  test('run along the arrows, and every relative one ends in .ts', async () => {
    const files = await sourceFiles();
    assert.ok(files.length > 100, `only ${files.length} files were found`);
    assert.deepEqual(files.flatMap(arrowProblems), []);
  });

  test('are all literal, but for the catalog, which imports what it finds in a folder', async () => {
    const files = await sourceFiles();
    const open = files.filter(({ path, text }) => {
      const calls = text.match(/(?<![.\w])import\(/g)?.length ?? 0;
      const literal = text.match(/(?<![.\w])import\(\s*['"]/g)?.length ?? 0;
      return !path.startsWith('test/') && calls > literal;
    });
    assert.deepEqual(
      open.map(({ path }) => path),
      ['shared/catalog/load-catalog.ts'],
    );
  });
});

describe('the check of the imports', () => {
  test('sees every form of import', () => {
    const text = `
import './a.ts';
import b from "./b.ts";
import { type C, d as e } from './c.ts';
import type { D } from './d.ts';
import * as all from './e.ts';
import f, {
  type G,
  h,
} from './f.ts';
export * from './g.ts';
export { i } from './h.ts';
export type { J } from './i.ts';
const late = await import('./j.ts');
type K = import('./k.ts').K;
const l = require('./l.ts');
export const text = 'import { m } from "./m.ts"';
export function from(value) { return value; }
`;
    assert.deepEqual(
      importsOf(text),
      'abcdefghijkl'.split('').map((letter) => `./${letter}.ts`),
    );
  });

  test('fails on a planted wrong arrow of every kind', () => {
    const planted = [
      ['gateway/a.ts', "import { b } from '../workers/b.ts';", 'gateway/ may not import workers/'],
      ['gateway/a/b.ts', "import { b } from '../../emulator/b.ts';", 'may not import emulator/'],
      ['gateway/a.ts', "import { BigQuery } from '@google-cloud/bigquery';", 'that package'],
      ['gateway/a.ts', "import b from '@google-cloud/bigquery/b.js';", 'that package'],
      ['workers/a.ts', "export * from '../gateway/b.ts';", 'workers/ may not import gateway/'],
      ['shared/a.ts', "const b = await import('../gateway/b.ts');", 'may not import gateway/'],
      ['shared/a/b.ts', "import type { B } from '../../workers/b.ts';", 'may not import workers/'],
      ['emulator/a.ts', "import { b } from '../shared/b.ts';", 'emulator/ may not import shared/'],
      ['stack/a.ts', "import '../gateway/main.ts';", 'stack/ may not import gateway/'],
      ['bench/a.ts', "import { b } from '../gateway/b.ts';", 'bench/ may not import gateway/'],
      ['shared/a.ts', "import { b } from '../test/b.ts';", 'shared/ may not import test/'],
      ['examples/a/b.ts', "import { z } from 'zod';", 'that package'],
      ['examples/a/b.ts', "import { b } from '../../shared/b.ts';", 'may not import shared/'],
      ['gateway/a.ts', "import { b } from './b.js';", 'must end in .ts'],
      ['gateway/a.ts', "import { b } from './b';", 'must end in .ts'],
      ['gateway/a.ts', "import { b } from '../../outside/b.ts';", 'in no room'],
      ['scripts/a.ts', "import { b } from './b.ts';", 'has no rule'],
    ] as const;
    for (const [path, text, expected] of planted) {
      const [problem] = arrowProblems({ path, text });
      assert.ok(problem?.includes(expected), `${path}: ${text} gave ${problem}`);
    }
  });

  test('lets the right arrows pass', () => {
    const right = [
      ['gateway/a.ts', "import { b } from '../shared/b.ts';"],
      ['workers/a/b.ts', "import { BigQuery } from '@google-cloud/bigquery';"],
      ['workers/a/b.ts', "import { b } from '../b.ts';"],
      ['test/a/b.ts', "import { b } from '../../emulator/b.ts';"],
      ['examples/a/b.ts', "import { z } from 'punctual';"],
      ['shared/a.ts', "import { readFile } from 'node:fs/promises';"],
    ] as const;
    for (const [path, text] of right) assert.deepEqual(arrowProblems({ path, text }), []);
  });

  test('has a rule for every room', () => {
    assert.deepEqual(Object.keys(RULES).toSorted(), [...ROOMS].toSorted());
  });
});

describe('the files of the house', () => {
  test(`outside test/ are not longer than ${LONGEST_FILE_LINES} lines`, async () => {
    const files = await sourceFiles();
    const long = files
      .filter(({ path }) => !path.startsWith('test/'))
      .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
      .filter(({ lines }) => lines > LONGEST_FILE_LINES);
    assert.deepEqual(long, []);
  });

  test('are kebab-case, and none is named for keeping this and that', async () => {
    const files = await sourceFiles();
    const wrong = files
      .map(({ path }) => path)
      .filter((path) => {
        const name =
          path
            .split('/')
            .at(-1)
            ?.replace(/(\.test)?\.ts$/, '') ?? '';
        const vague = /^(utils?|helpers?|common|types|manager|handler|service|index)$/;
        return vague.test(name) || !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name);
      });
    assert.deepEqual(wrong, []);
  });
});
