import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Dataset, withDataset } from './dataset.ts';

/** The public dataset's columns in its order; its GEOGRAPHY columns are held as text (WKT). */
const PUBLIC_COLUMNS: Readonly<Record<string, string>> = {
  distribution_centers:
    'id INT64, name STRING, latitude FLOAT64, longitude FLOAT64, distribution_center_geom STRING',
  events:
    'id INT64, user_id INT64, sequence_number INT64, session_id STRING, created_at TIMESTAMP, ip_address STRING, city STRING, state STRING, postal_code STRING, browser STRING, traffic_source STRING, uri STRING, event_type STRING',
  inventory_items:
    'id INT64, product_id INT64, created_at TIMESTAMP, sold_at TIMESTAMP, cost FLOAT64, product_category STRING, product_name STRING, product_brand STRING, product_retail_price FLOAT64, product_department STRING, product_sku STRING, product_distribution_center_id INT64',
  order_items:
    'id INT64, order_id INT64, user_id INT64, product_id INT64, inventory_item_id INT64, status STRING, created_at TIMESTAMP, shipped_at TIMESTAMP, delivered_at TIMESTAMP, returned_at TIMESTAMP, sale_price FLOAT64',
  orders:
    'order_id INT64, user_id INT64, status STRING, gender STRING, created_at TIMESTAMP, returned_at TIMESTAMP, shipped_at TIMESTAMP, delivered_at TIMESTAMP, num_of_item INT64',
  products:
    'id INT64, cost FLOAT64, category STRING, name STRING, brand STRING, retail_price FLOAT64, department STRING, sku STRING, distribution_center_id INT64',
  users:
    'id INT64, first_name STRING, last_name STRING, email STRING, age INT64, gender STRING, state STRING, street_address STRING, postal_code STRING, city STRING, country STRING, latitude FLOAT64, longitude FLOAT64, traffic_source STRING, created_at TIMESTAMP, user_geom STRING',
};

const BIGQUERY_TYPES: Readonly<Record<string, string>> = {
  BIGINT: 'INT64',
  DOUBLE: 'FLOAT64',
  VARCHAR: 'STRING',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP',
};

describe('the columns of thelook_ecommerce', () => {
  let dataset: Dataset;
  before(async () => {
    dataset = await withDataset({ scale: 0.002 });
  });
  after(() => dataset[Symbol.asyncDispose]());

  for (const [table, expected] of Object.entries(PUBLIC_COLUMNS)) {
    test(`${table} has the public dataset's column names and types`, async () => {
      const result = await dataset.connection.run(`SELECT * FROM ${table} LIMIT 0`);
      const types = result.columnTypes().map((type) => BIGQUERY_TYPES[type.toString()]);
      const columns = result.columnNames().map((name, index) => `${name} ${types[index]}`);
      assert.equal(columns.join(', '), expected);
    });
  }

  test('there are no other tables', async () => {
    const found = await dataset.rows(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_catalog = 'bigquery-public-data' ORDER BY 1`,
    );
    assert.deepEqual(
      found.map(({ name }) => name),
      Object.keys(PUBLIC_COLUMNS).sort(),
    );
  });
});
