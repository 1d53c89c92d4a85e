import assert from 'node:assert/strict';
import { mkdir, symlink, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { mountFolder, UnmountableFolder } from '../../../emulator/tables/mount-folder.ts';
import { columnsOf, prepare, rowsOf, write, writeParquet } from './folder.ts';

describe('mounting a folder', () => {
  test('mounts <dataset>/<table>.csv with sniffed types', async (t) => {
    const { directory, connection } = await prepare(t);
    await write(
      directory,
      'shop/prices.csv',
      'day,price,units,open,note\n2026-01-02,1.5,3,true,a\n',
    );
    const mounted = await mountFolder(connection, directory, 'p-1');
    assert.deepEqual(await columnsOf(connection, '"p-1".shop.prices'), {
      day: 'DATE',
      price: 'DOUBLE',
      units: 'BIGINT',
      open: 'BOOLEAN',
      note: 'VARCHAR',
    });
    assert.deepEqual(
      mounted.map(({ projectId, datasetId, tableId }) => [projectId, datasetId, tableId]),
      [['p-1', 'shop', 'prices']],
    );
  });

  test('sniffs the types of a CSV over all of its rows', async (t) => {
    const { directory, connection } = await prepare(t);
    const numbers = Array.from({ length: 50_000 }, (_, i) => i).join('\n');
    await write(directory, 'd/late.csv', `x\n${numbers}\n1.25\n`);
    await mountFolder(connection, directory, 'p');
    assert.deepEqual(await columnsOf(connection, 'p.d.late'), { x: 'DOUBLE' });
  });

  test('a CSV of nothing but text keeps its header', async (t) => {
    const { directory, connection } = await prepare(t);
    await write(directory, 'd/words.csv', 'name,colour\nfox,red\n');
    await mountFolder(connection, directory, 'p');
    assert.deepEqual(await rowsOf(connection, 'SELECT * FROM p.d.words'), [
      { name: 'fox', colour: 'red' },
    ]);
  });

  test('holds narrower Parquet types in those that stand for BigQuery types', async (t) => {
    const { directory, connection } = await prepare(t);
    await writeParquet(
      connection,
      directory,
      'd/narrow.parquet',
      `SELECT 1::TINYINT AS a, 2::SMALLINT AS b, 3::INTEGER AS c, 4::UINTEGER AS d, 18446744073709551615::UBIGINT AS e,
         1.5::FLOAT AS f, 12.34::DECIMAL(4,2) AS g, TIMESTAMP_MS '2026-01-02 03:04:05.006' AS h,
         TIMESTAMPTZ '2026-01-02 03:04:05+00' AS i, [1::TINYINT] AS j, {'x': 1::SMALLINT, 'y': [0.5::FLOAT]} AS k,
         'b'::ENUM('a', 'b') AS l, '\\x01'::BLOB AS m, DATE '2026-01-02' AS n, TIME '01:02:03' AS o, true AS p`,
    );
    await mountFolder(connection, directory, 'p');
    assert.deepEqual(await columnsOf(connection, 'p.d.narrow'), {
      a: 'BIGINT',
      b: 'BIGINT',
      c: 'BIGINT',
      d: 'BIGINT',
      e: 'DECIMAL(38,9)',
      f: 'DOUBLE',
      g: 'DECIMAL(38,9)',
      h: 'TIMESTAMP',
      i: 'TIMESTAMP WITH TIME ZONE',
      j: 'BIGINT[]',
      k: 'STRUCT(x BIGINT, y DOUBLE[])',
      l: 'VARCHAR',
      m: 'BLOB',
      n: 'DATE',
      o: 'TIME',
      p: 'BOOLEAN',
    });
    assert.deepEqual(await rowsOf(connection, 'SELECT e, f, g, k FROM p.d.narrow'), [
      { e: '18446744073709551615.000000000', f: 1.5, g: '12.340000000', k: { x: '1', y: [0.5] } },
    ]);
  });

  test('takes semicolons, tabs and bars for delimiters when the header has them', async (t) => {
    const { directory, connection } = await prepare(t);
    await write(directory, 'd/semicolons.csv', '"a,b";c\n"1,5";2\n');
    await write(directory, 'd/tabs.csv', 'a\tb\n1\t2\n');
    await write(directory, 'd/bars.csv', 'a|b\n1|2\n');
    await mountFolder(connection, directory, 'p');
    assert.deepEqual(await columnsOf(connection, 'p.d.semicolons'), {
      a_b: 'VARCHAR',
      c: 'BIGINT',
    });
    assert.deepEqual(await columnsOf(connection, 'p.d.tabs'), { a: 'BIGINT', b: 'BIGINT' });
    assert.deepEqual(await columnsOf(connection, 'p.d.bars'), { a: 'BIGINT', b: 'BIGINT' });
  });

  test('follows symbolic links to files and folders', async (t) => {
    const { directory, connection } = await prepare(t);
    await write(directory, '.hidden/real/rows.csv', 'x\n1\n');
    await symlink(join(directory, '.hidden/real'), join(directory, 'linked'));
    await mkdir(join(directory, 'd'));
    await symlink(join(directory, '.hidden/real/rows.csv'), join(directory, 'd/other.csv'));
    const mounted = await mountFolder(connection, directory, 'p');
    assert.deepEqual(
      mounted.map(({ datasetId, tableId }) => `${datasetId}.${tableId}`),
      ['d.other', 'linked.rows'],
    );
    assert.deepEqual(await rowsOf(connection, 'SELECT x FROM p.d.other'), [{ x: '1' }]);
  });

  test('names every bad file and every bad name in one error', async (t) => {
    const { directory, connection } = await prepare(t);
    await write(directory, 'd/broken.parquet', 'this is no Parquet');
    await write(directory, 'd/ragged.csv', 'a,b\n1,2\n3,4\n5,6,7\n8,"9\n');
    await write(directory, 'd/empty.csv', '');
    await write(directory, 'd/fine.csv', 'a\n1\n');
    await write(directory, 'd/twice.csv', 'a\n1\n');
    await writeParquet(connection, directory, 'd/Twice.parquet', 'SELECT 1 AS a');
    await writeParquet(connection, directory, 'd/map.parquet', 'SELECT MAP {1: 2} AS pairs');
    await write(directory, 'bad-name/t.csv', 'a\n1\n');
    await write(directory, 'd/semi;colon.csv', 'a\n1\n');
    await symlink(join(directory, 'nowhere.csv'), join(directory, 'd/dangling.csv'));
    await mkdir(join(directory, 'd/folder.csv'));
    const error = await failureOf(mountFolder(connection, directory, 'p'));
    for (const name of [
      'd/broken.parquet',
      'd/ragged.csv',
      'd/empty.csv',
      'd/twice.csv',
      'd/map.parquet',
      'd/semi;colon.csv',
      'd/dangling.csv',
      'd/folder.csv',
      'bad-name',
    ]) {
      const about = error.problems.filter((problem) =>
        problem.startsWith(`${join(directory, name)}: `),
      );
      assert.equal(about.length, 1, `${name}\n${error.message}`);
    }
    assert.equal(error.problems.length, 9, error.message);
    assert.match(error.message, /column "pairs" has the type MAP/);
  });

  test('a folder that is not there is named', async (t) => {
    const { directory, connection } = await prepare(t);
    const missing = join(directory, 'missing');
    const error = await failureOf(mountFolder(connection, missing, 'p'));
    assert.equal(error.problems.length, 1);
    assert.match(error.message, /missing: ENOENT/);
  });

  test('makes column names legal and says so', async (t) => {
    const { directory, connection } = await prepare(t);
    await write(directory, 'd/t.csv', 'unit price,2nd,Größe,unit_price,ok\n1,2,3,4,5\n');
    const lines: string[] = [];
    await mountFolder(connection, directory, 'p', (line) => lines.push(line));
    assert.deepEqual(Object.keys(await columnsOf(connection, 'p.d.t')), [
      'unit_price',
      '_2nd',
      'Gr__e',
      'unit_price_1',
      'ok',
    ]);
    assert.equal(lines.length, 4);
    assert.match(lines.join('\n'), /column "2nd" is mounted as _2nd/);
  });

  test('passes over other files, hidden ones and files beside the datasets', async (t) => {
    const { directory, connection } = await prepare(t);
    await write(directory, 'README.md', '# tables');
    await write(directory, 'stray.csv', 'a\n1\n');
    await write(directory, 'd/notes.txt', 'hello');
    await write(directory, 'd/.half.csv', 'a\n1\n');
    assert.deepEqual(await mountFolder(connection, directory, 'p'), []);
  });

  test('paths with quotes, stars, brackets and equal signs are only paths', async (t) => {
    const { directory, connection } = await prepare(t);
    const odd = join(directory, "day=1 it's [a] *");
    await write(odd, 'd/t.csv', 'a\n1\n');
    await writeParquet(connection, odd, 'd/u.parquet', 'SELECT 2 AS a');
    await mountFolder(connection, odd, 'p');
    assert.deepEqual(await columnsOf(connection, 'p.d.t'), { a: 'BIGINT' });
    assert.deepEqual(await columnsOf(connection, 'p.d.u'), { a: 'BIGINT' });
  });

  test('gives the file and its time of change', async (t) => {
    const { directory, connection } = await prepare(t);
    await write(directory, 'd/t.csv', 'a\n1\n');
    const source = join(directory, 'd/t.csv');
    await utimes(source, 1_700_000_000, 1_700_000_000);
    assert.deepEqual(await mountFolder(connection, directory, 'p'), [
      { projectId: 'p', datasetId: 'd', tableId: 't', source, lastModifiedMs: 1_700_000_000_000 },
    ]);
  });
});

async function failureOf(mounting: Promise<unknown>): Promise<UnmountableFolder> {
  const outcome = await mounting.then(
    () => 'mounted',
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof UnmountableFolder, String(outcome));
  return outcome;
}
