import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { createBulkheads } from '../../workers/limit/bulkheads.ts';
import { showLoad } from '../../workers/show-load.ts';

test('the metrics of a worker show its bulkheads as they are at that moment', async () => {
  const register = new Registry();
  const concurrency = { live: 2, analyst: 1, warm: 1 };
  const bulkheads = createBulkheads({ concurrency, least: 1, most: 2 });
  showLoad(register, bulkheads);
  const places = [await bulkheads.enter('live'), await bulkheads.enter('live')];
  const left = new AbortController();
  const waiting = bulkheads.enter('live', left.signal).catch(() => undefined);
  const full = await register.metrics();
  assert.match(full, /^punctual_bulkhead_limit 2$/m);
  assert.match(full, /^punctual_bulkhead_in_flight\{class="live"\} 2$/m);
  assert.match(full, /^punctual_bulkhead_waiting\{class="live"\} 1$/m);

  left.abort();
  await waiting;
  for (const place of places) place.leave({ query: 'q', tookMs: 1, outcome: 'ok' });
  const empty = await register.metrics();
  assert.match(empty, /^punctual_bulkhead_in_flight\{class="live"\} 0$/m);
  assert.match(empty, /^punctual_bulkhead_waiting\{class="live"\} 0$/m);
});
