import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { temporaryCatalog } from '../catalog/temporary-catalog.ts';
import { until } from '../until.ts';
import { withStack } from '../with-stack.ts';

const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
const emulatorDataDir = fileURLToPath(new URL('./tables', import.meta.url));

const served = `SELECT product, units, price FROM shop.sales
WHERE units >= @least AND @least >= 0 ORDER BY product LIMIT @limit`;
const wider = served
  .replace(
    'units, price',
    'CAST(units AS FLOAT64) AS units, price * 2 AS price, UPPER(product) AS label',
  )
  .replace('ORDER BY product', "AND product <> 'hat' ORDER BY product");

describe('punctual diff', async () => {
  const folders = new AsyncDisposableStack();
  const disk = async (...said: Parameters<typeof filesOf>) =>
    folders.use(await temporaryCatalog(filesOf(...said))).folder;
  const fleet = await disk(served);
  const stack = folders.use(await withStack({ scale: 0, catalogDir: fleet, emulatorDataDir }));
  after(() => folders.disposeAsync());

  const diff = (catalogDir: string, ...args: string[]) =>
    punctual(['diff', 'sales', `--admin=${stack.addresses.admin}`, ...args], {
      CATALOG_DIR: catalogDir,
      BIGQUERY_EMULATOR_HOST: stack.addresses.emulator ?? '',
    });
  const versionsKnown = () =>
    until(async () => {
      const { status } = await fetch(`${stack.addresses.admin}/admin/v1/queries/sales/versions`);
      return status === 200;
    });

  test('says that there is nothing to compare with while the fleet serves what is on disk', async () => {
    await versionsKnown();
    const { code, stdout } = await diff(fleet);
    assert.equal(code, 2);
    assert.match(
      stdout,
      /The fleet knows no other version of sales than the one on disk, [0-9a-f]{12}/,
    );
    const named = await diff(await disk(wider), '--against=abc');
    assert.equal(named.code, 2);
    assert.match(named.stdout, /knows no other version abc of sales; it knows [0-9a-f]{12}/);
  });

  test('finds no differences where the SQL says the same in other words', async () => {
    const { code, stdout } = await diff(await disk(`-- The same.\n${served}`));
    assert.equal(code, 0, stdout);
    assert.match(
      stdout,
      /no differences\n\n1 sets of parameters: 1 alike, 0 differ, 0 in trouble\n$/,
    );
  });

  test('asks both versions what was asked of late, and shows columns, rows, bytes and times', async () => {
    const { status } = await stack.get('/api/v1/queries/sales?least=2&limit=9');
    assert.equal(status, 200);
    const { code, stdout } = await diff(await disk(wider));
    assert.equal(code, 1, stdout);
    for (const line of [
      '\n{"least":2,"limit":9}\n',
      'column + label STRING as string\n',
      'column ~ units INTEGER as integer → FLOAT as integer\n',
      'rows by product: 1 only in the old, 0 only in the new, 1 changed\n',
      '  - {"product":"hat","units":"3","price":19.5}\n',
      '  ~ {"product":"gloves"} price 12.25 → 24.5\n',
    ])
      assert.ok(stdout.includes(line), `${line} is not in:\n${stdout}`);
    assert.match(stdout, /old +[0-9a-f]{12} +\d+ B +\$0\.0+\d* +\d+ ms +2\n/);
  });

  test('asks with the parameters that it is told, each set by itself, and tells it as data', async () => {
    const { code, stdout } = await diff(
      await disk(wider),
      '--parameters={"least":4}',
      '--parameters={"least":100,"limit":1}',
      '--json',
    );
    assert.equal(code, 1, stdout);
    const { sets } = JSON.parse(stdout);
    assert.deepEqual(
      sets.map((one: { parameters: object; verdict: string; old: { rowCount: number } }) => [
        one.parameters,
        one.verdict,
        one.old.rowCount,
      ]),
      [
        [{ least: 4 }, 'differ', 1],
        [{ least: 100, limit: 1 }, 'differ', 0],
      ],
    );
    assert.deepEqual(sets[0].differs.rows.changed, [
      { key: { product: 'gloves' }, cells: { price: { old: 12.25, new: 24.5 } } },
    ]);
    assert.ok(sets[0].old.bytes > 0 && sets[0].new.bytes > 0);
  });

  test('takes the defaults that each version had', async () => {
    const one = await disk(`-- One.\n${served}`, 'limit: limit(1, 50, 1)');
    const { code, stdout } = await diff(one, '--parameters={}', '--json');
    assert.equal(code, 1, stdout);
    const [set] = JSON.parse(stdout).sets;
    assert.deepEqual([set.old.rowCount, set.new.rowCount], [3, 1]);
  });

  test('in a dry run compares bytes, and runs nothing', async () => {
    await stack.forgetJobs();
    const fewer = await disk('SELECT product, @least AS least, @limit AS most FROM shop.sales');
    const { code, stdout } = await diff(fewer, '--dry-run', '--parameters={"least":1}');
    assert.equal(code, 1, stdout);
    assert.match(stdout, /they process different amounts/);
    const ran = (await stack.jobs()).filter(({ query }) => query === 'sales');
    assert.deepEqual(ran, []);
  });

  test('names what is in the way of a comparison, with exit code 2', async () => {
    const wrong = await diff(await disk(served.replace('units, price', 'unknown')));
    assert.equal(wrong.code, 2);
    assert.match(wrong.stdout, /unknown/);
    assert.match(wrong.stdout, /1 in trouble/);

    const other = await disk(`${served} -- other`);
    const unfit = await diff(other, '--parameters={"least":"many"}');
    assert.equal(unfit.code, 2);
    assert.match(unfit.stdout, /least: .*expected number/);

    for (const [args, expected] of [
      [['--parameters={"colour":"red"}'], /neither version takes colour/],
      [['--parameters=nonsense'], /expected JSON such as/],
      [['--most=21'], /--most: expected a whole number from 1 to 20/],
      [['--colour=red'], /Not an option of diff: --colour/],
    ] as const) {
      const { code, stderr } = await diff(other, ...args);
      assert.equal(code, 2);
      assert.match(stderr, expected);
    }
    const nobody = await punctual(['diff', 'nobody'], {});
    assert.equal(nobody.code, 2);
    assert.match(nobody.stderr, /The catalog on disk has no query nobody/);
    const away = await punctual(['diff', 'sales', '--admin=http://127.0.0.1:1'], {
      CATALOG_DIR: fleet,
    });
    assert.equal(away.code, 2);
    assert.match(away.stdout, /No gateway answers at its admin port/);
  });

  test('does not run a version that would process more than it may', async () => {
    const other = await disk(`${served} -- other`);
    const { code, stdout } = await diff(other, '--parameters={"least":5}');
    assert.equal(code, 0, stdout);
    const small = await disk(`${served} -- small`, undefined, '1B');
    const refused = await diff(small, '--parameters={"least":5}');
    assert.equal(refused.code, 2);
    assert.match(refused.stdout, /would process \d+ B, its byte cap is 1 B/);
  });

  test('explains its exit codes', async () => {
    const { code, stdout } = await punctual(['diff', '--help'], {});
    assert.equal(code, 0);
    assert.match(stdout, /0 no differences, 1 differences, 2 trouble/);
  });
});

function filesOf(sql: string, limit = 'limit: limit(1, 50, 10)', cap = '1GB') {
  const row = sql.includes('label')
    ? 'product: z.string(), units: z.int(), price: z.number(), label: z.string()'
    : 'product: z.string(), units: z.int(), price: z.number()';
  return {
    'queries/sales.sql': sql,
    'queries/sales.ts': `
      import { z, defineQuery, limit } from 'punctual';
      export default defineQuery({
        name: 'sales',
        summary: 'What was sold.',
        parameters: z.object({ least: z.int().default(0), ${limit} }),
        row: z.object({ ${row} }),
        policy: { maxBytesBilled: '${cap}' },
      });
    `,
  };
}

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

function punctual(args: readonly string[], env: Record<string, string>): Promise<Ran> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [main, ...args],
      { env: { PATH, HOME, ...env }, timeout: 60_000 },
      (error, stdout, stderr) =>
        resolve({ code: error ? Number(error.code ?? -1) : 0, stdout, stderr }),
    );
  });
}
