import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { temporaryCatalog } from '../catalog/temporary-catalog.ts';
import { type Answer, getFrom } from '../get.ts';
import { until } from '../until.ts';
import { type TestStack, withStack } from '../with-stack.ts';
import { assertProblem } from './assert-problem.ts';

/** What a release of the catalog says: of each query its rows and its SQL. */
type Release = Readonly<Record<string, readonly [row: string, sql: string]>>;

const policies: Readonly<Record<string, string>> = {
  renewed: "freshFor: '1h', staleFor: '24h'",
  aged: "freshFor: '1ms', staleFor: '24h', softTimeout: '300ms'",
  narrowed: "freshFor: '1h', staleFor: '24h'",
  retyped: "freshFor: '1h', staleFor: '24h'",
  listed: "freshFor: '1h', staleFor: '24h'",
};
const plain = 'z.object({ key: z.string(), price: z.int() })';
const first: Release = {
  renewed: [plain, 'SELECT @key AS key, 1 AS price'],
  aged: [plain, 'SELECT @key AS key, 1 AS price'],
  narrowed: [
    'z.object({ key: z.string(), price: z.int(), cost: z.int() })',
    'SELECT @key AS key, 1 AS price, 7 AS cost',
  ],
  retyped: [plain, 'SELECT @key AS key, 1 AS price'],
  listed: [
    'z.object({ key: z.string(), price: z.int(), cost: z.int() })',
    'SELECT @key AS key, price, 7 AS cost FROM UNNEST([1, 2, 3, 4, 5]) AS price ORDER BY price',
  ],
};
const second: Release = {
  renewed: [plain, 'SELECT @key AS key, 2 AS price'],
  aged: [plain, 'SELECT @key AS key, 2 AS price'],
  narrowed: [plain, 'SELECT @key AS key, 2 AS price'],
  retyped: ['z.object({ key: z.string(), price: z.string() })', "SELECT @key AS key, '2' AS price"],
  listed: [plain, 'SELECT @key AS key, 9 AS price'],
};
const names = Object.keys(policies);
const priced = (price: unknown, key = 'known') => [{ key, price }];

describe('a query that has changed', () => {
  let stack: TestStack;
  let catalog: Awaited<ReturnType<typeof temporaryCatalog>>;
  /** What the first release answered. */
  const answered = new Map<string, Answer>();
  const ask = (name: string, headers?: Record<string, string>, key = 'known') =>
    stack.get(`/api/v1/queries/${name}?key=${key}`, headers);
  const page = (cursor: string) => stack.get(`/api/v1/pages?key=known&limit=2${cursor}`);
  const partOf = (name: string, { body }: Answer) => body.meta.parts[name];

  before(async () => {
    catalog = await temporaryCatalog(filesOf(first));
    stack = await withStack({ scale: 0, catalogDir: catalog.folder, env: { WORKER_THREADS: '1' } });
    for (const name of names) answered.set(name, await ask(name));
    answered.set('pages', await page(''));
    for (const [path, text] of Object.entries(filesOf(second)))
      await writeFile(join(catalog.folder, path), text);
    await Promise.all([stack.gateway, ...stack.workers].map((role) => role.restart()));
    // From here on no flight lands until the warehouse is well again.
    await stack.faults([{ latencyMs: 120_000 }]);
  });
  after(async () => {
    await stack?.stop();
    await catalog?.[Symbol.asyncDispose]();
  });

  test('is answered at once with the rows of its previous version, which are called stale', async () => {
    const was = answered.get('renewed');
    assert.deepEqual(was?.body.data, priced(1));
    const now = await ask('renewed');
    assert.deepEqual(now.body.data, priced(1));
    const part = partOf('renewed', now);
    assert.deepEqual([part.source, part.reason], ['stale', 'revalidating']);
    assert.equal(part.previousVersion, true);
    assert.equal(part.asOf, was?.body.meta.asOf);
    assert.ok(now.body.meta.elapsedMs < 2_000, now.text);
    assert.notEqual(now.headers.get('etag'), was?.headers.get('etag'));
    assert.match(now.headers.get('cache-status') ?? '', /hit; ttl=-\d+; detail=revalidating/);
    assert.equal(now.headers.get('cache-control'), 'public, max-age=0, must-revalidate');
  });

  test('is waited for no longer than the soft timeout where those are not young any more', async () => {
    const { body } = await ask('aged');
    assert.deepEqual(body.data, priced(1));
    assert.equal(body.meta.parts.aged.reason, 'timeout');
    assert.equal(body.meta.parts.aged.previousVersion, true);
    assert.ok(body.meta.elapsedMs >= 290 && body.meta.elapsedMs < 5_000, body.meta.elapsedMs);
  });

  test('gives of its previous rows what it still declares', async () => {
    assert.deepEqual(answered.get('narrowed')?.body.data, [{ key: 'known', price: 1, cost: 7 }]);
    assert.deepEqual((await ask('narrowed')).body.data, priced(1));
  });

  test('is paged through to the end by a cursor that its previous version gave, and by one of its own', async () => {
    const cursorOf = ({ body }: Answer) => `&cursor=${encodeURIComponent(body.meta.nextCursor)}`;
    const rows = [3, 4].map((price) => ({ key: 'known', price }));
    const begun = await page('');
    assert.deepEqual(begun.body.data.list, [...priced(1), ...priced(2)]);
    for (const cursor of [cursorOf(answered.get('pages') ?? begun), cursorOf(begun)]) {
      const next = await page(cursor);
      assert.deepEqual(next.body.data.list, rows, next.text);
      const { source, reason, previousVersion } = partOf('list', next);
      assert.deepEqual([source, reason, previousVersion], ['stale', 'snapshot', true]);
      assert.deepEqual((await page(cursorOf(next))).body.data.list, priced(5));
    }
  });

  test('does not give rows that do not fit it any more, and says so in its log', async () => {
    const answer = await ask('retyped', { 'request-timeout': '1' });
    assertProblem(answer, 'timeout');
    await until(async () => (await stack.log('gateway')).includes('previous version do not fit'));
  });

  test('does not give old rows to who would rather have an error, nor those of another question', async () => {
    const strict = { 'cache-control': 'max-stale=0', 'request-timeout': '1' };
    assertProblem(await ask('renewed', strict), 'timeout');
    const other = await ask('renewed', { 'request-timeout': '1' }, 'unknown');
    assertProblem(other, 'timeout');
  });

  test('is known by its versions, what they ask and with what it was asked', async () => {
    const { body } = await getFrom(`${stack.addresses.admin}/admin/v1/queries/renewed/versions`);
    const { versions, recentParameters } = body.data;
    assert.deepEqual(
      versions.map((one: { text: { sql: string } }) => one.text.sql),
      [second['renewed']?.[1], first['renewed']?.[1]],
    );
    assert.ok(
      recentParameters.some((one: { key: string }) => one.key === 'known'),
      JSON.stringify(recentParameters),
    );
    const unknown = await getFrom(`${stack.addresses.admin}/admin/v1/queries/nobody/versions`);
    assert.equal(unknown.status, 404);
  });

  test('gives its own rows from its first success on', async () => {
    await stack.faults([]);
    // Those in the air still wait for a job that hangs.
    const withinMs = 30_000;
    for (const name of ['renewed', 'aged', 'narrowed'])
      await until(async () => (await ask(name)).body.data[0].price === 2, { withinMs });
    const now = await ask('renewed');
    assert.equal(now.body.meta.source, 'fresh');
    assert.equal('previousVersion' in partOf('renewed', now), false);
    // Nothing leads back to the rows of before, whatever comes.
    await stack.faults([{ latencyMs: 120_000 }]);
    assert.deepEqual((await ask('aged')).body.data, priced(2));
    await stack.faults([]);
    await until(async () => (await ask('retyped')).body.data?.[0].price === '2', { withinMs });
  });
});

const pages = `
  import { ask, defineEndpoint, limit, z } from 'punctual';
  import listed from '../queries/listed.ts';
  export default defineEndpoint({
    path: '/pages',
    summary: 'A list in pages.',
    parameters: z.object({ key: z.string(), limit: limit(1, 9, 2), cursor: z.string().optional() }),
    parts: { list: ({ key }) => ask(listed, { key }) },
    page: { part: 'list' },
  });
`;

function filesOf(release: Release): Record<string, string> {
  const files = names.flatMap((name) => {
    const [row = '', sql = ''] = release[name] ?? [];
    const text = `
      import { z, defineQuery } from 'punctual';
      export default defineQuery({
        name: '${name}',
        summary: 'Says ${name}.',
        parameters: z.object({ key: z.string() }),
        row: ${row},
        policy: { ${policies[name]} },
      });
    `;
    return [
      [`queries/${name}.ts`, text],
      [`queries/${name}.sql`, sql],
    ];
  });
  return { ...Object.fromEntries(files), 'endpoints/pages.ts': pages };
}
