import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const orders = `SELECT * FROM (VALUES
  (1::BIGINT, 'ann', 'US', 10.5::DOUBLE, 1::BIGINT, TIMESTAMPTZ '2024-01-05 10:00:00+00', DATE '2024-01-05', TIMESTAMP '2024-01-05 10:00:00', ['a', 'b'], '{"k":{"v":"x"},"n":1,"arr":[1,2]}', {'sku': 's1', 'price': 1.5::DOUBLE}, 1.1::DECIMAL(38, 9), 'abc'::BLOB),
  (2, 'bob', 'US', 20, 2, '2024-01-15 23:30:00+00', '2024-01-15', '2024-01-15 23:30:00', ['b'], '{"k":{"v":"y"},"n":2,"arr":[3]}', {'sku': 's2', 'price': 2.5}, 2.2, 'x'::BLOB),
  (3, 'ann', 'DE', 30, 0, '2024-02-10 00:00:00+00', '2024-02-10', '2024-02-10 00:00:00', [], '{"n":3}', {'sku': 's1', 'price': 3.5}, 3.3, ''::BLOB),
  (4, 'cat', 'FR', NULL, 4, '2024-03-01 12:00:00.123456+00', '2024-03-01', '2024-03-01 12:00:00', NULL, NULL, NULL, NULL, NULL),
  (5, 'ann', 'US', 50, 5, '2024-03-31 08:15:00+00', '2024-03-31', '2024-03-31 08:15:00', ['c', 'a', 'a'], '{"k":{"v":"z"},"n":5,"arr":[]}', {'sku': 's3', 'price': 9.99}, 5.5, 'q'::BLOB)
) AS t(id, customer, country, amount, qty, created, d, dt, tags, meta, item, num, bin)`;

const people = `SELECT * FROM (VALUES
  (1::BIGINT, 'Ada', DATE '1990-05-17', NULL::BIGINT),
  (2, 'Bo', '1985-12-01', 1),
  (3, 'Cy', '2000-02-29', 1)
) AS t(id, name, born, boss_id)`;

/** Writes the corpus's tables as Parquet files under `folder`, laid out as the emulator mounts them. */
export async function writeTables(folder: string): Promise<void> {
  await mkdir(join(folder, 'ds'), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    for (const [name, query] of Object.entries({ orders, people })) {
      const file = join(folder, 'ds', `${name}.parquet`);
      await connection.run(`COPY (${query}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`);
    }
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
