import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { type Catalog, queryNamed } from '../../shared/catalog/catalog.ts';
import { loadCatalog } from '../../shared/catalog/load-catalog.ts';
import type { Row } from './with-warehouse.ts';

let catalog: Catalog;
before(async () => {
  catalog = await loadCatalog();
});

describe('the home page asks', () => {
  test('for a user the personal queries', () => {
    assert.deepEqual(asked('/home/recommendations', { userId: 42, limit: 8 }), {
      recommended: ['home-recommended', { userId: 42, limit: 8 }],
      trending: ['home-trending', { limit: 8 }],
      newInFavourites: ['home-new-in-favourites', { userId: 42, limit: 8 }],
    });
  });

  test('for anybody else what is popular and new, under the same names', () => {
    assert.deepEqual(asked('/home/recommendations', {}), {
      recommended: ['home-popular', { limit: 4 }],
      trending: ['home-trending', { limit: 4 }],
      newInFavourites: ['home-new-arrivals', { limit: 4 }],
    });
  });
});

describe('the price alerts ask', () => {
  const standard = {
    by: 'product',
    window: '7d',
    minChangePercent: 10,
    direction: 'any',
    minUnits: 3,
    category: null,
    brand: null,
  };

  test('one question for all pages', () => {
    const path = '/analytics/price-alerts';
    assert.deepEqual(asked(path, {}), { alerts: ['price-alerts', standard] });
    assert.deepEqual(asked(path, { limit: 500, cursor: 'next' }), asked(path, {}));
    assert.equal(catalog.endpoints.get(path)?.page?.part, 'alerts');
  });

  test('with every filter', () => {
    const filters = {
      by: 'brand',
      window: '28d',
      minChangePercent: 2.5,
      direction: 'down',
      minUnits: 20,
      category: 'Jeans',
      brand: 'Alder Vale',
    };
    assert.deepEqual(asked('/analytics/price-alerts', filters), {
      alerts: ['price-alerts', filters],
    });
  });
});

describe('bad parameters are refused', () => {
  const bad: readonly [path: string, parameters: Row][] = [
    ['/home/recommendations', { userId: 0 }],
    ['/home/recommendations', { userId: 1.5 }],
    ['/home/recommendations', { limit: 51 }],
    ['/home/recommendations', { colour: 'red' }],
    ['/analytics/price-alerts', { by: 'colour' }],
    ['/analytics/price-alerts', { window: '3d' }],
    ['/analytics/price-alerts', { minChangePercent: -1 }],
    ['/analytics/price-alerts', { direction: 'sideways' }],
    ['/analytics/price-alerts', { minUnits: 0 }],
    ['/analytics/price-alerts', { limit: 0 }],
    ['/analytics/price-alerts', { category: '' }],
  ];
  for (const [path, parameters] of bad)
    test(`${path} ${JSON.stringify(parameters)}`, () => {
      assert.equal(catalog.endpoints.get(path)?.parameters.safeParse(parameters).success, false);
    });
});

describe('when a query can give nothing', () => {
  test('a shelf falls back to more general shelves of the same length and is left empty last', () => {
    assert.deepEqual(fallbacks('home-recommended', { userId: 42, limit: 8 }), [
      ['home-trending', { limit: 8 }],
      ['home-popular', { limit: 8 }],
      [],
    ]);
    assert.deepEqual(fallbacks('home-new-in-favourites', { userId: 42, limit: 8 }), [
      ['home-new-arrivals', { limit: 8 }],
      ['home-popular', { limit: 8 }],
      [],
    ]);
    assert.deepEqual(fallbacks('home-popular', { limit: 8 }), [[]]);
  });

  test('price alerts fall back to another window and never to an empty list', () => {
    for (const window of ['1d', '7d', '14d', '28d']) {
      const [[query, other] = [], ...rest] = fallbacks('price-alerts', { window, by: 'brand' });
      assert.deepEqual(rest, []);
      assert.equal(query, 'price-alerts');
      const parameters = queryNamed(catalog, 'price-alerts').parameters.parse(other);
      assert.notEqual(parameters['window'], window);
      assert.equal(parameters['by'], 'brand');
    }
  });
});

function asked(path: string, given: Row): Record<string, unknown> {
  const endpoint = catalog.endpoints.get(path);
  assert.ok(endpoint);
  const parameters = endpoint.parameters.parse(given);
  const parts = Object.entries(endpoint.parts).map(([part, ask]) => {
    const { query, parameters: ofQuery } = ask(parameters);
    return [part, [query, queryNamed(catalog, query).parameters.parse(ofQuery)]];
  });
  return Object.fromEntries(parts);
}

/** A query's fallbacks in order: another query with its parameters, or constant rows. */
function fallbacks(name: string, given: Row): (readonly unknown[])[] {
  const query = queryNamed(catalog, name);
  const parameters = query.parameters.parse(given);
  return query.fallbacks.map((fallback) =>
    fallback.kind === 'rows' ? fallback.rows : [fallback.query, fallback.parameters(parameters)],
  );
}
