import { gives, type Topic } from '../corpus-case.ts';

export const windows: Topic = {
  title: 'Window functions',
  cases: [
    gives(
      'ROW_NUMBER, RANK, DENSE_RANK',
      'SELECT id, ROW_NUMBER() OVER (ORDER BY id DESC) AS r, RANK() OVER (ORDER BY country) AS k, DENSE_RANK() OVER (ORDER BY country) AS d FROM ds.orders ORDER BY id',
      'id,r,k,d',
      [
        [1, 5, 3, 3],
        [2, 4, 3, 3],
        [3, 3, 1, 1],
        [4, 2, 2, 2],
        [5, 1, 3, 3],
      ],
    ),
    gives(
      'LAG, LEAD with a default',
      'SELECT id, LAG(amount) OVER (ORDER BY id) AS before, LEAD(id, 2, 0) OVER (ORDER BY id) AS after FROM ds.orders ORDER BY id',
      'id,before,after',
      [
        [1, null, 3],
        [2, 10.5, 4],
        [3, 20, 5],
        [4, 30, 0],
        [5, null, 0],
      ],
    ),
    gives(
      'a running sum',
      'SELECT id, SUM(qty) OVER (ORDER BY id) AS s FROM ds.orders ORDER BY id',
      'id,s',
      [
        [1, 1],
        [2, 3],
        [3, 3],
        [4, 7],
        [5, 12],
      ],
    ),
    gives(
      'ROWS BETWEEN',
      'SELECT id, SUM(qty) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) AS s FROM ds.orders ORDER BY id',
      'id,s',
      [
        [1, 1],
        [2, 3],
        [3, 2],
        [4, 4],
        [5, 9],
      ],
    ),
    gives(
      'RANGE BETWEEN',
      'SELECT x, COUNT(*) OVER (ORDER BY x RANGE BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS n FROM UNNEST([1, 2, 5, 6, 9]) AS x ORDER BY x',
      'x,n',
      [
        [1, 2],
        [2, 2],
        [5, 2],
        [6, 2],
        [9, 1],
      ],
    ),
    gives(
      'PARTITION BY',
      'SELECT id, COUNT(*) OVER (PARTITION BY country) AS n FROM ds.orders ORDER BY id',
      'id,n',
      [
        [1, 3],
        [2, 3],
        [3, 1],
        [4, 1],
        [5, 3],
      ],
    ),
    gives(
      'a named window',
      'SELECT id, LAST_VALUE(amount IGNORE NULLS) OVER w AS v FROM ds.orders WINDOW w AS (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) ORDER BY id',
      'id,v',
      [
        [1, 10.5],
        [2, 20],
        [3, 30],
        [4, 30],
        [5, 50],
      ],
    ),
    gives(
      'FIRST_VALUE, NTH_VALUE',
      'SELECT DISTINCT FIRST_VALUE(customer) OVER (ORDER BY id) AS f, NTH_VALUE(customer, 2) OVER (ORDER BY id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS n FROM ds.orders',
      'f,n',
      [['ann', 'bob']],
    ),
    gives(
      'NTILE, PERCENT_RANK, CUME_DIST',
      'SELECT x, NTILE(2) OVER (ORDER BY x) AS t, PERCENT_RANK() OVER (ORDER BY x) AS p, CUME_DIST() OVER (ORDER BY x) AS c FROM UNNEST([10, 20, 30, 40, 50]) AS x ORDER BY x LIMIT 2',
      'x,t,p,c',
      [
        [10, 1, 0, 0.2],
        [20, 1, 0.25, 0.4],
      ],
    ),
    gives(
      'PERCENTILE_CONT',
      'SELECT DISTINCT PERCENTILE_CONT(x, 0.5) OVER () AS p FROM UNNEST([1, 2, 3, 10]) AS x',
      'p',
      [[2.5]],
    ),
    gives(
      'PERCENTILE_CONT of a partition',
      'SELECT DISTINCT country, PERCENTILE_CONT(qty, 0.5) OVER (PARTITION BY country) AS p FROM ds.orders ORDER BY country',
      'country,p',
      [
        ['DE', 0],
        ['FR', 4],
        ['US', 2],
      ],
    ),
    gives(
      'PERCENTILE_DISC',
      'SELECT DISTINCT PERCENTILE_DISC(x, 0.5) OVER () AS p FROM UNNEST([1, 2, 3, 10]) AS x',
      'p',
      [[2]],
    ),
    gives(
      'NULLs come first in an ascending window',
      'SELECT id, ROW_NUMBER() OVER (ORDER BY amount) AS r FROM ds.orders ORDER BY r LIMIT 2',
      'id,r',
      [
        [4, 1],
        [1, 2],
      ],
    ),
    gives(
      'an aggregate of a group inside a window',
      'SELECT country, SUM(SUM(qty)) OVER () AS total FROM ds.orders GROUP BY country ORDER BY country',
      'country,total',
      [
        ['DE', 12],
        ['FR', 12],
        ['US', 12],
      ],
    ),
    gives(
      'ARRAY_AGG over a window',
      'SELECT id, ARRAY_AGG(id) OVER (ORDER BY id ROWS 1 PRECEDING) AS two FROM ds.orders ORDER BY id LIMIT 2',
      'id,two',
      [
        [1, [1]],
        [2, [1, 2]],
      ],
    ),
    gives(
      'a window function in an expression',
      'SELECT id, qty - AVG(qty) OVER (PARTITION BY country) AS off FROM ds.orders WHERE country = "DE"',
      'id,off',
      [[3, 0]],
    ),
  ],
};
