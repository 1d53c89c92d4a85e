import assert from 'node:assert/strict';
import { test } from 'node:test';
import express from 'express';
import { queries } from '../../cli/commands/queries.ts';
import { catalogRoute } from '../../gateway/routes/catalog-route.ts';
import { loadCatalog } from '../../shared/catalog/load-catalog.ts';
import { withServer } from '../gateway/http/with-server.ts';

const BATCH = { by: 'userId', most: 500 };

test('the catalog that the gateway serves says which queries answer for many keys', async () => {
  const catalog = await loadCatalog();
  const app = express().get('/', catalogRoute(catalog));
  await using server = await withServer(app);
  const { data } = (await (await fetch(server.url)).json()) as { data: { queries: Listed[] } };
  const batches = data.queries.map(({ name, batch }) => [name, batch]);
  assert.deepEqual(Object.fromEntries(batches), {
    ...Object.fromEntries([...catalog.queries.keys()].map((name) => [name, undefined])),
    'home-recommended': BATCH,
    'home-new-in-favourites': BATCH,
  });
});

test('so does the command, with the parameters as callers give them', async () => {
  const { text, data } = await queries.run({ words: [], options: new Map(), json: false, env: {} });
  const recommended = (data as Listed[]).find(({ name }) => name === 'home-recommended');
  assert.deepEqual(recommended?.batch, BATCH);
  assert.deepEqual(recommended?.parameters, { userId: 'INT64', limit: 'INT64' });
  assert.match(text, /home-recommended .*500 by userId/);
});

interface Listed {
  readonly name: string;
  readonly batch?: unknown;
  readonly parameters: unknown;
}
