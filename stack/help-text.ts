/** What `npm start -- --help` prints. */
export const helpText = `Starts the whole of Punctual on this machine: two private Redis servers, the emulated warehouse with
its dataset, the workers and the gateway. Ctrl-C stops all of it.

  npm start              start, and bring back what crashes
  npm run dev            the same, restarting roles when their sources change

The most useful settings (environment):
  PORT, ADMIN_PORT       where the gateway listens (8080, 8081)
  EMULATOR_PORT          where the emulated warehouse listens (9050)
  EMULATOR_SCALE         size of the generated dataset (1)
  EMULATOR_DATA_DIR      a folder of Parquet or CSV files to serve as tables
  CATALOG_DIR            a folder of your own queries and endpoints
  WORKERS                worker processes (1)
  DATA_DIR               dataset, private Redis data and logs (.data)
  REDIS_URL              a Redis of yours in place of the private ones; also REDIS_QUEUE_URL, REDIS_CACHE_URL
  BIGQUERY_PROJECT       the real BigQuery in place of the emulated one
  BIGQUERY_EMULATOR_HOST an emulator of yours in place of the embedded one`;
