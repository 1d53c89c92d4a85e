import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { defineFunctions } from '../../../emulator/sql/functions.ts';
import { failureText } from '../../../emulator/sql/macros/fail.ts';
import { translate } from '../../../emulator/sql/translate.ts';

async function withInstance(run: (instance: DuckDBInstance) => Promise<void>): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  try {
    await run(instance);
  } finally {
    instance.closeSync();
  }
}

describe('defineFunctions', () => {
  test('every connection sees the functions, whatever catalog it uses', async () => {
    await withInstance(async (instance) => {
      await defineFunctions(await instance.connect());
      const other = await instance.connect();
      await other.run('ATTACH \':memory:\' AS "my-project"');
      await other.run('USE "my-project"');
      const [sql = ''] = translate("SELECT INITCAP('ab')").statements;
      const rows = (await other.runAndReadAll(sql)).getRowsJson();
      assert.deepEqual(rows, [['Ab']]);
    });
  });

  test('it may run twice on one instance', async () => {
    await withInstance(async (instance) => {
      const connection = await instance.connect();
      await defineFunctions(connection);
      await defineFunctions(connection);
    });
  });

  test('the clock is as many days ahead as it was told, with brackets and without', async () => {
    await withInstance(async (instance) => {
      const connection = await instance.connect();
      await defineFunctions(connection, -400);
      const [sql = ''] = translate(
        'SELECT DATE_DIFF(@today, CURRENT_DATE(), DAY), DATE_DIFF(@today, CURRENT_DATE, DAY)',
      ).statements;
      const today = new Date().toISOString().slice(0, 10);
      const reader = await connection.runAndReadAll(
        sql.replaceAll('$p_today', `CAST('${today}' AS DATE)`),
      );
      assert.deepEqual(reader.getRowsJson(), [['400', '400']]);
    });
  });

  test('a failure of ours can be told from its DuckDB message', async () => {
    await withInstance(async (instance) => {
      const connection = await instance.connect();
      await defineFunctions(connection);
      const [sql = ''] = translate('SELECT 1 / x FROM UNNEST([0]) AS x').statements;
      await assert.rejects(
        connection.runAndReadAll(sql).then(() => undefined),
        (error: Error) => failureText(error.message) === 'division by zero',
      );
    });
  });
});
