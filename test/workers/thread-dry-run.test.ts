import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createEmulator } from '../../emulator/server.ts';
import { loadCatalog } from '../../shared/catalog/load-catalog.ts';
import { connectWarehouse } from '../../workers/thread/connect-warehouse.ts';
import { dryRun } from '../../workers/thread/dry-run.ts';
import { DATA_DIR, TODAY } from '../catalog/with-warehouse.ts';

test('every query of the default catalog can be estimated as it stands, and stays below its cap', async () => {
  const { queries } = await loadCatalog();
  await using emulator = await createEmulator({
    port: 0,
    host: '127.0.0.1',
    scale: 0.01,
    seed: 1,
    dataDir: DATA_DIR,
    today: TODAY,
    logLevel: 'warn',
  });
  const { url: emulatorUrl } = emulator;
  const client = connectWarehouse({ projectId: 'p', location: undefined, emulatorUrl });
  for (const query of queries.values()) {
    const estimate = await dryRun(client, query);
    assert.ok(estimate.ok, `${query.name}: ${estimate.ok ? '' : estimate.problem}`);
    assert.ok(estimate.bytes > 0 && estimate.bytes < query.policy.maxBytesBilled, query.name);
  }
});
