import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { CatalogError, queryNamed } from '../../shared/catalog/catalog.ts';
import { loadCatalog } from '../../shared/catalog/load-catalog.ts';
import { QUERY_SQL, queryFile, temporaryCatalog } from './temporary-catalog.ts';

const ENDPOINT = `
  import { z, defineEndpoint, ask } from 'punctual';
  import shirts from '../queries/shirts.ts';
  export default defineEndpoint({
    path: '/shirts',
    summary: 'Shirts.',
    parameters: z.object({ id: z.int() }),
    parts: { shirts: ({ id }) => ask(shirts, { id }) },
  });
`;

describe('the default catalog', () => {
  test('has the queries and endpoints of the home page and of the price alerts', async () => {
    const catalog = await loadCatalog();
    assert.deepEqual([...catalog.queries.keys()].sort(), [
      'home-active-users',
      'home-new-arrivals',
      'home-new-in-favourites',
      'home-popular',
      'home-recommended',
      'home-trending',
      'price-alerts',
    ]);
    assert.deepEqual([...catalog.endpoints.keys()].sort(), [
      '/analytics/price-alerts',
      '/home/recommendations',
    ]);
  });

  test('has no query that is not there', async () => {
    const catalog = await loadCatalog();
    assert.throws(() => queryNamed(catalog, 'nowhere'), /nowhere/);
  });
});

describe("a user's folder", () => {
  test('anywhere on the disk adds its queries and endpoints to the default ones', async () => {
    await using own = await temporaryCatalog({
      'queries/shirts.ts': queryFile('shirts'),
      'queries/shirts.sql': QUERY_SQL,
      'endpoints/shirts.ts': ENDPOINT,
    });
    const catalog = await loadCatalog(own.folder);
    assert.equal(queryNamed(catalog, 'shirts').summary, 'Says shirts.');
    assert.ok(catalog.queries.has('home-popular'));
    assert.deepEqual(catalog.endpoints.get('/shirts')?.parts['shirts']?.({ id: 7 }), {
      query: 'shirts',
      parameters: { id: 7 },
    });
  });

  test('may hold files that are no queries beside the SQL and in folders of their own', async () => {
    await using own = await temporaryCatalog({
      'queries/shirts.ts': queryFile('shirts'),
      'queries/shirts.sql': QUERY_SQL,
      'queries/shapes/colour.ts': 'export const colour = 1;',
      'queries/shirts.md': 'About shirts.',
    });
    assert.ok((await loadCatalog(own.folder)).queries.has('shirts'));
  });

  test('has the problems of all its files named at once, each with its file', async () => {
    await using own = await temporaryCatalog({
      'queries/lonely.ts': queryFile('lonely'),
      'queries/broken.ts': 'this is no TypeScript',
      'queries/broken.sql': QUERY_SQL,
      'queries/silent.ts': 'export const nothing = 1;',
      'queries/silent.sql': QUERY_SQL,
      'queries/hats.ts': queryFile('caps', "policy: { freshFor: '1h' },"),
      'queries/hats.sql': QUERY_SQL,
      'queries/socks.ts': queryFile('socks', "policy: { freshFor: 'soon' },"),
      'queries/socks.sql': QUERY_SQL,
      'queries/home-popular.ts': queryFile('home-popular'),
      'queries/home-popular.sql': QUERY_SQL,
      'endpoints/silent.ts': 'export const nothing = 1;',
      'endpoints/wrong.ts': 'export default { path: 7 };',
    });
    const problems = await problemsOf(own.folder);
    assertNamed(problems, own.folder, [
      ['queries/lonely.ts', /no lonely\.sql stands beside it/],
      ['queries/broken.ts', /cannot be imported/],
      ['queries/silent.ts', /no default export/],
      ['queries/hats.ts', /not named for its query, caps/],
      ['queries/socks.ts', /policy\.freshFor: .*"soon"/],
      ['queries/home-popular.ts', /home-popular exists already/],
      ['endpoints/silent.ts', /no default export/],
      ['endpoints/wrong.ts', /path: /],
    ]);
  });

  test('with an endpoint at a path that is taken is refused', async () => {
    await using own = await temporaryCatalog({
      'queries/shirts.ts': queryFile('shirts'),
      'queries/shirts.sql': QUERY_SQL,
      'endpoints/home.ts': ENDPOINT.replace("'/shirts'", "'/home/recommendations'"),
    });
    assertNamed(await problemsOf(own.folder), own.folder, [
      ['endpoints/home.ts', /\/home\/recommendations exists already/],
    ]);
  });

  test('without any query or endpoint is refused', async () => {
    await using own = await temporaryCatalog({ 'README.md': 'Nothing here.' });
    assert.match((await problemsOf(own.folder)).join('\n'), /no queries\/\*\.ts and no endpoints/);
  });

  test('that does not exist is refused', async () => {
    await using own = await temporaryCatalog({});
    assert.match((await problemsOf(`${own.folder}/nowhere`)).join('\n'), /nowhere: has no queries/);
  });
});

async function problemsOf(folder: string): Promise<readonly string[]> {
  try {
    await loadCatalog(folder);
  } catch (error) {
    assert.ok(error instanceof CatalogError, String(error));
    return error.problems;
  }
  throw new assert.AssertionError({ message: 'the catalog was accepted' });
}

function assertNamed(
  problems: readonly string[],
  folder: string,
  expected: readonly (readonly [file: string, problem: RegExp])[],
): void {
  for (const [file, pattern] of expected)
    assert.ok(
      problems.some(
        (problem) => problem.startsWith(`${folder}/${file}: `) && pattern.test(problem),
      ),
      `${file}: ${pattern} is not among:\n${problems.join('\n')}`,
    );
  for (const problem of problems)
    assert.ok(
      expected.some(([file]) => problem.startsWith(`${folder}/${file}: `)),
      `unexpected: ${problem}`,
    );
}
