import { gives, type Topic } from '../corpus-case.ts';

export const aggregates: Topic = {
  title: 'Aggregates and groups',
  cases: [
    gives(
      'GROUP BY an alias that hides a column',
      'SELECT DATE_TRUNC(d, MONTH) AS d, COUNT(*) AS n FROM ds.orders GROUP BY d ORDER BY d',
      'd,n',
      [
        ['2024-01-01', 2],
        ['2024-02-01', 1],
        ['2024-03-01', 2],
      ],
    ),
    gives(
      'COUNT, COUNT(DISTINCT), SUM, AVG, MIN, MAX',
      'SELECT COUNT(*), COUNT(amount), COUNT(DISTINCT country), SUM(qty), AVG(amount), MIN(amount), MAX(customer) FROM ds.orders',
      'f0_,f1_,f2_,f3_,f4_,f5_,f6_',
      [[5, 4, 3, 12, 27.625, 10.5, 'cat']],
    ),
    gives(
      'SUM over no rows is NULL, COUNT is 0',
      'SELECT SUM(qty) AS s, COUNT(*) AS n FROM ds.orders WHERE FALSE',
      's,n',
      [[null, 0]],
    ),
    gives('COUNTIF', "SELECT COUNTIF(country = 'US') AS n FROM ds.orders", 'n', [[3]]),
    gives(
      'LOGICAL_AND, LOGICAL_OR',
      'SELECT LOGICAL_AND(qty >= 0) AS a, LOGICAL_OR(qty > 4) AS o FROM ds.orders',
      'a,o',
      [[true, true]],
    ),
    gives(
      'GROUP BY alias, HAVING',
      'SELECT country AS c, SUM(qty) AS q FROM ds.orders GROUP BY c HAVING q > 0 ORDER BY c',
      'c,q',
      [
        ['FR', 4],
        ['US', 8],
      ],
    ),
    gives(
      'GROUP BY position',
      'SELECT country, COUNT(*) AS n FROM ds.orders GROUP BY 1 ORDER BY 2 DESC, 1',
      'country,n',
      [
        ['US', 3],
        ['DE', 1],
        ['FR', 1],
      ],
    ),
    gives(
      'GROUP BY ALL',
      'SELECT country, COUNT(*) AS n FROM ds.orders GROUP BY ALL ORDER BY country',
      'country,n',
      [
        ['DE', 1],
        ['FR', 1],
        ['US', 3],
      ],
    ),
    gives(
      'GROUP BY ROLLUP',
      'SELECT country, SUM(qty) AS q FROM ds.orders GROUP BY ROLLUP (country) ORDER BY country',
      'country,q',
      [
        [null, 12],
        ['DE', 0],
        ['FR', 4],
        ['US', 8],
      ],
    ),
    gives(
      'GROUPING SETS',
      'SELECT country, customer, COUNT(*) AS n FROM ds.orders GROUP BY GROUPING SETS (country, customer) ORDER BY country, customer',
      'country,customer,n',
      [
        [null, 'ann', 3],
        [null, 'bob', 1],
        [null, 'cat', 1],
        ['DE', null, 1],
        ['FR', null, 1],
        ['US', null, 3],
      ],
    ),
    gives(
      'CUBE',
      'SELECT COUNT(*) AS n FROM (SELECT country, customer FROM ds.orders GROUP BY CUBE (country, customer))',
      'n',
      [[11]],
    ),
    gives(
      'ARRAY_AGG with ORDER BY and LIMIT',
      'SELECT country, ARRAY_AGG(id ORDER BY id DESC LIMIT 2) AS ids FROM ds.orders GROUP BY country ORDER BY country',
      'country,ids',
      [
        ['DE', [3]],
        ['FR', [4]],
        ['US', [5, 2]],
      ],
    ),
    gives(
      'ARRAY_AGG(DISTINCT … IGNORE NULLS)',
      'SELECT ARRAY_AGG(DISTINCT country IGNORE NULLS ORDER BY country) AS c FROM ds.orders',
      'c',
      [[['DE', 'FR', 'US']]],
    ),
    gives(
      'ARRAY_AGG(… IGNORE NULLS)',
      'SELECT ARRAY_AGG(amount IGNORE NULLS ORDER BY id) AS a FROM ds.orders',
      'a',
      [[[10.5, 20, 30, 50]]],
    ),
    gives(
      'ARRAY_AGG(STRUCT)',
      "SELECT ARRAY_AGG(STRUCT(id, amount AS a) ORDER BY id LIMIT 1) AS s FROM ds.orders WHERE country = 'US'",
      's',
      [[[{ id: 1, a: 10.5 }]]],
    ),
    gives(
      'ARRAY_CONCAT_AGG',
      'SELECT ARRAY_CONCAT_AGG(tags ORDER BY id) AS t FROM ds.orders WHERE id IN (1, 2, 4)',
      't',
      [[['a', 'b', 'b']]],
    ),
    gives(
      'STRING_AGG',
      "SELECT STRING_AGG(customer ORDER BY id) AS s, STRING_AGG(DISTINCT customer, '|' ORDER BY customer) AS d FROM ds.orders",
      's,d',
      [['ann,bob,ann,cat,ann', 'ann|bob|cat']],
    ),
    gives(
      'STRING_AGG … LIMIT',
      "SELECT STRING_AGG(customer, '-' ORDER BY id DESC LIMIT 2) AS s FROM ds.orders",
      's',
      [['ann-cat']],
    ),
    gives(
      'ANY_VALUE … HAVING MAX',
      'SELECT ANY_VALUE(customer HAVING MAX qty) AS top, ANY_VALUE(customer HAVING MIN id) AS first FROM ds.orders',
      'top,first',
      [['ann', 'ann']],
    ),
    gives(
      'MAX_BY, MIN_BY',
      'SELECT MAX_BY(id, qty) AS most, MIN_BY(id, qty) AS least FROM ds.orders',
      'most,least',
      [[5, 3]],
    ),
    gives(
      'STDDEV, STDDEV_POP, VARIANCE, VAR_POP',
      'SELECT ROUND(STDDEV(x), 6) AS s, STDDEV_POP(x) AS sp, VARIANCE(x) AS v, VAR_POP(x) AS vp FROM UNNEST([2, 4, 4, 4, 5, 5, 7, 9]) AS x',
      's,sp,v,vp',
      [[2.13809, 2, 4.571428571428571, 4]],
    ),
    gives(
      'CORR, COVAR_POP, COVAR_SAMP',
      'SELECT ROUND(CORR(x, y), 6) AS c, COVAR_POP(x, y) AS p, COVAR_SAMP(x, y) AS s FROM UNNEST([STRUCT(1 AS x, 2 AS y), STRUCT(2, 4), STRUCT(3, 6)])',
      'c,p,s',
      [[1, 1.3333333333333333, 2]],
    ),
    gives(
      'BIT_AND, BIT_OR, BIT_XOR',
      'SELECT BIT_AND(x) AS a, BIT_OR(x) AS o, BIT_XOR(x) AS e FROM UNNEST([6, 3]) AS x',
      'a,o,e',
      [[2, 7, 5]],
    ),
    gives(
      'APPROX_COUNT_DISTINCT',
      'SELECT APPROX_COUNT_DISTINCT(country) AS n FROM ds.orders',
      'n',
      [[3]],
    ),
    gives(
      'APPROX_QUANTILES',
      'SELECT APPROX_QUANTILES(x, 4) AS q, APPROX_QUANTILES(x, 2)[OFFSET(1)] AS median FROM UNNEST([1, 2, 3, 4, 5]) AS x',
      'q,median',
      [[[1, 2, 3, 4, 5], 3]],
    ),
    gives('APPROX_TOP_COUNT', 'SELECT APPROX_TOP_COUNT(country, 1) AS t FROM ds.orders', 't', [
      [[{ value: 'US', count: 3 }]],
    ]),
    gives(
      'COUNT(DISTINCT IF(…))',
      "SELECT COUNT(DISTINCT IF(country = 'US', customer, NULL)) AS n FROM ds.orders",
      'n',
      [[2]],
    ),
    gives(
      'an aggregate of an expression',
      'SELECT SUM(IF(qty > 1, 1, 0)) / COUNT(*) AS share FROM ds.orders',
      'share',
      [[0.6]],
    ),
    gives(
      'GROUPING',
      'SELECT country, GROUPING(country) AS g FROM ds.orders GROUP BY ROLLUP (country) ORDER BY g DESC, country LIMIT 2',
      'country,g',
      [
        [null, 1],
        ['DE', 0],
      ],
    ),
  ],
};
