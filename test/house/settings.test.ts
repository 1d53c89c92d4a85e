import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { parseEnv } from 'node:util';
import { readEmulatorConfig } from '../../emulator/config.ts';
import { readConfig } from '../../shared/config.ts';
import { settingNames } from './setting-names.ts';
import { readText } from './source-files.ts';
import { tableRows } from './table-rows.ts';

/** A setting as a page says it; without a default where that is none or depends on the machine. */
interface Told {
  readonly name: string;
  readonly standard: string | undefined;
}

const names = settingNames();
let example: readonly Told[] = [];
let page: readonly Told[] = [];

before(async () => {
  example = exampleSettings(await readText('.env.example'));
  page = pageSettings(await readText('docs/settings.md'));
});

describe('.env.example', () => {
  test('names every setting that the code reads, once, and no other', () => {
    assertSameNames(example);
  });

  test('changes nothing when it is used as it stands', async () => {
    const env = parseEnv(await readText('.env.example'));
    assert.ok(Object.keys(env).length > 10);
    assert.deepEqual(readConfig(env), readConfig({}));
    assert.deepEqual(readEmulatorConfig(env), readEmulatorConfig({}));
  });

  test('gives every setting an example that the code accepts', async () => {
    const text = (await readText('.env.example')).replaceAll(/^# (?=[A-Z_]+=)/gm, '');
    const env = parseEnv(text);
    assert.deepEqual(new Set(Object.keys(env)), names);
    assert.doesNotThrow(() => readConfig(env));
    assert.equal(readEmulatorConfig({ ...env, EMULATOR_DATA_DIR: '' }).ok, true);
  });
});

describe('docs/settings.md', () => {
  test('names every setting that the code reads, once, and no other', () => {
    assertSameNames(page);
  });

  test('gives the same defaults as .env.example', () => {
    const byName = (told: readonly Told[]) =>
      told
        .map(({ name, standard }) => `${name}=${standard ?? ''}`)
        .filter((line) => !line.startsWith('REDIS_'))
        .toSorted();
    assert.deepEqual(byName(page), byName(example));
  });
});

describe('the comparison', () => {
  test('sees a setting that is missing and one that is not there any more', () => {
    const without = example.filter(({ name }) => name !== 'PORT');
    assert.throws(() => assertSameNames(without));
    assert.throws(() => assertSameNames([...example, { name: 'GONE', standard: '1' }]));
    assert.throws(() => assertSameNames([...example, { name: 'PORT', standard: '8080' }]));
  });
});

function assertSameNames(told: readonly Told[]): void {
  assert.deepEqual(told.map(({ name }) => name).toSorted(), [...names].toSorted());
}

function exampleSettings(text: string): Told[] {
  return [...text.matchAll(/^(# )?([A-Z_]+)=(.*)$/gm)].map(([, off, name = '', value]) => ({
    name,
    standard: off === undefined ? value : undefined,
  }));
}

/** The rows of the tables; a default that is a value stands in backticks. */
function pageSettings(text: string): Told[] {
  return tableRows(text).map(({ setting = '', default: standard = '' }) => ({
    name: setting.replaceAll('`', ''),
    standard: /^`(.*)`$/.exec(standard)?.[1],
  }));
}
