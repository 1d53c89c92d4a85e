import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import { type Query, queryNamed } from '../../shared/catalog/catalog.ts';
import { loadCatalog } from '../../shared/catalog/load-catalog.ts';
import { openThelook } from './open-thelook.ts';
import { type Row, type Warehouse, withWarehouse } from './with-warehouse.ts';
import { withinOneHour } from './within-one-hour.ts';

const SCALE = 0.01;
const NOBODY = 999_999_999;
const LONGEST = 50;
const SOLD = "status IN ('Complete', 'Shipped', 'Processing')";

let warehouse: Warehouse;
let users: readonly number[];
before(async () => {
  warehouse = await withWarehouse({ scale: SCALE });
  users = await differentUsers();
});
after(() => warehouse[Symbol.asyncDispose]());

for (const name of ['home-recommended', 'home-new-in-favourites'])
  describe(`${name}, asked for many users at once`, () => {
    let query: Query;
    let forOne: string;
    before(async () => {
      query = queryNamed(await loadCatalog(), name);
      forOne = await readFile(new URL(`reference/${name}-for-one.sql`, import.meta.url), 'utf8');
    });

    /** What the reference gives to each user. */
    const expected = async (limit: number): Promise<Shelves> => {
      const shelves = new Map<number, Row[]>();
      const types = { userId: 'INT64', limit: 'INT64' } as const;
      for (const userId of users)
        shelves.set(userId, await warehouse.run(forOne, types, { userId, limit }));
      return shelves;
    };
    const asked = async (userId: readonly number[], limit: number): Promise<Shelves> => {
      const rows = await warehouse.run(query.sql, query.parameterTypes, { userId, limit });
      return byUser(userId, rows);
    };

    test('gives everybody what everybody gets alone, long lists and short ones', async () => {
      const [long, longest, short] = await withinOneHour(async () => [
        await expected(LONGEST),
        await asked(users, LONGEST),
        await asked(users, 4),
      ]);
      assert.deepEqual(longest, long);
      for (const userId of users)
        assert.deepEqual(short.get(userId), long.get(userId)?.slice(0, 4), `user ${userId}`);
      assert.deepEqual(long.get(NOBODY)?.length, LONGEST);
    });

    test('gives one user the same alone as among others', async () => {
      const [among, alone] = await withinOneHour(async () => {
        const each = users.filter((_, index) => index % 4 === 0);
        const shelves: Shelves = new Map();
        for (const userId of each)
          for (const [key, rows] of await asked([userId], 10)) shelves.set(key, rows);
        return [await asked(each.toReversed(), 10), shelves];
      });
      for (const [userId, rows] of alone) assert.deepEqual(among.get(userId), rows);
    });

    test('gives nobody rows when nobody is asked for, and no row twice who is asked for twice', async () => {
      assert.deepEqual(await asked([], 4), new Map());
      const [userId = 0] = users;
      const [once, twice] = await withinOneHour(() =>
        Promise.all([asked([userId], 4), asked([userId, userId], 4)]),
      );
      assert.deepEqual(twice, once);
    });
  });

type Shelves = Map<number, Row[]>;

function byUser(asked: readonly number[], rows: readonly Row[]): Shelves {
  const shelves: Shelves = new Map(asked.map((userId) => [userId, []]));
  for (const { userId, ...row } of rows) shelves.get(Number(userId))?.push(row);
  return shelves;
}

/** Those who bought most, those who bought a little, nothing of late, nothing that was kept, nothing ever; and nobody. */
async function differentUsers(): Promise<readonly number[]> {
  using thelook = await openThelook(SCALE);
  const some = async (count: number, having: string) => {
    const rows = await thelook.rows(
      `SELECT users.id FROM users LEFT JOIN order_items AS item ON item.user_id = users.id AND item.created_at < now()
       GROUP BY users.id HAVING ${having} ORDER BY count(item.id) DESC, users.id LIMIT ${count}`,
    );
    assert.equal(rows.length, count, having);
    return rows.map((row) => Number(row['id']));
  };
  const lately = (days: number) =>
    `count(item.id) FILTER (item.${SOLD} AND item.created_at > now() - INTERVAL ${days} DAY)`;
  const groups = [
    await some(16, `${lately(180)} > 2`),
    await some(8, `${lately(180)} = 1 AND count(item.id) = 1`),
    await some(6, `${lately(365)} = 0 AND ${lately(700)} > 0`),
    await some(4, `${lately(9_999)} = 0 AND count(item.id) > 0`),
    await some(5, 'count(item.id) = 0'),
  ];
  return [...new Set([...groups.flat(), NOBODY])];
}
