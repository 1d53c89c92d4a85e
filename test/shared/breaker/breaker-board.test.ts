import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Redis } from 'ioredis';
import type { BreakerBoard, BreakerNews } from '../../../shared/breaker/breaker-board.ts';
import { createRedisBoard } from '../../../shared/breaker/redis-board.ts';
import { BREAKERS_CHANNEL, breakerKey, breakerProbeKey } from '../../../shared/redis/keys.ts';
import { until } from '../../until.ts';
import { settling, startTestRedis, type TestRedis } from '../with-redis.ts';
import { createMemoryBoard } from './memory-board.ts';

const LONG_MS = 60_000;
let redis: TestRedis;
let connection: Redis;

before(async () => {
  redis = await startTestRedis('queue');
  connection = await redis.connect();
});
after(() => redis[Symbol.asyncDispose]());

describe('the board behind Redis', () => claims(redisBoard));
describe('the board that stands for it in tests', () => claims(memoryBoard));

/** What every board does, whatever it is made of. */
function claims(createBoard: () => Promise<BreakerBoard>): void {
  test('gives later news a higher order', async () => {
    const board = await createBoard();
    const name = newName();
    const orders = [
      await board.opened(name, LONG_MS, 'me'),
      await board.closed(name, 'me'),
      await board.opened(name, 1, 'me'),
      await board.opened(name, LONG_MS, 'me'),
    ];
    assert.deepEqual(
      orders,
      orders.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(orders).size, 4);
  });

  test('tells all who listen, the teller among them, of this breaker only', async () => {
    const board = await createBoard();
    const name = newName();
    const [one, other, deaf, stranger] = [hearing(), hearing(), hearing(), hearing()];
    for (const { listener } of [one, other]) board.hear(name, listener);
    board.hear(name, deaf.listener)();
    board.hear(newName(), stranger.listener);
    const opened = await board.opened(name, LONG_MS, 'me');
    const closed = await board.closed(name, 'me');
    const expected = [
      { kind: 'opened', order: opened, forMs: LONG_MS, by: 'me' },
      { kind: 'closed', order: closed },
    ];
    for (const { heard } of [one, other]) {
      await until(() => heard.length === 2, { what: 'both news are heard' });
      assert.deepEqual(heard, expected);
    }
    assert.deepEqual([deaf.heard, stranger.heard], [[], []]);
  });

  test('has one place for a probe, however many claim it at once', async () => {
    const board = await createBoard();
    const name = newName();
    const results = await Promise.all(
      ['a', 'b', 'c', 'd'].map((id) => board.claimProbe(name, { id, forMs: LONG_MS, heard: 0 })),
    );
    assert.equal(results.filter(({ kind }) => kind === 'probe').length, 1);
    assert.deepEqual(await claim(board, name), { kind: 'busy', holder: 'a' });
    assert.deepEqual(await claim(board, newName()), { kind: 'probe' });
  });

  test('frees the place for its holder only', async () => {
    const board = await createBoard();
    const name = newName();
    await claim(board, name, 'holder');
    await board.freeProbe(name, 'another');
    assert.equal((await claim(board, name)).kind, 'busy');
    await board.freeProbe(name, 'holder');
    assert.equal((await claim(board, name)).kind, 'probe');
  });

  test('lets no probe go while the breaker is open', async () => {
    const board = await createBoard();
    const name = newName();
    const order = await board.opened(name, LONG_MS, 'me');
    assert.deepEqual(await claim(board, name), { kind: 'busy', holder: `opened:${order}` });
  });

  test('says to a claimant who has missed it that the breaker has closed, and to the others not', async () => {
    const board = await createBoard();
    const name = newName();
    const opened = await board.opened(name, LONG_MS, 'me');
    const closed = await board.closed(name, 'me');
    const asking = { id: 'a', forMs: LONG_MS };
    assert.deepEqual(await board.claimProbe(name, { ...asking, heard: opened }), {
      kind: 'closed',
      order: closed,
    });
    assert.deepEqual(await board.claimProbe(name, { ...asking, heard: closed }), { kind: 'probe' });
  });

  test('takes the place from a probe that itself says how it ended', async () => {
    const board = await createBoard();
    const name = newName();
    await claim(board, name, 'mine');
    const order = await board.opened(name, LONG_MS / 2, 'mine');
    assert.deepEqual(await claim(board, name), { kind: 'busy', holder: `opened:${order}` });
  });

  test('leaves the place to a probe that outlasts the opening or closing of others', async () => {
    const board = await createBoard();
    const name = newName();
    await claim(board, name, 'theirs');
    await board.opened(name, 1_000, 'mine');
    assert.deepEqual(await claim(board, name), { kind: 'busy', holder: 'theirs' });
    const heard = await board.closed(name, 'mine');
    const again = { id: 'next', forMs: LONG_MS, heard };
    assert.deepEqual(await board.claimProbe(name, again), { kind: 'busy', holder: 'theirs' });
  });

  test('tells who begins to hear how things stand', async () => {
    const board = await createBoard();
    const name = newName();
    const order = await board.opened(name, LONG_MS, 'me');
    const { heard, listener } = hearing();
    board.hear(name, listener);
    await until(() => heard.length > 0, { what: 'the state is heard' });
    assert.deepEqual([heard[0]?.kind, heard[0]?.order], ['opened', order]);
  });

  test('shows a newcomer how things stand', async () => {
    const board = await createBoard();
    const name = newName();
    assert.equal(await board.look(name), undefined);
    await board.opened(name, LONG_MS, 'me');
    const opened = await board.look(name);
    assert.ok(opened?.kind === 'opened');
    assert.ok(opened.forMs > LONG_MS / 2 && opened.forMs <= LONG_MS, `${opened.forMs}`);
    const order = await board.closed(name, 'me');
    assert.deepEqual(await board.look(name), { kind: 'closed', order });
  });

  test('shows a newcomer that an opening whose time is over has not been closed', async () => {
    const board = await createBoard();
    const name = newName();
    await board.opened(name, 1, 'me');
    const news = await until(async () => {
      const claimed = await claim(board, name, 'over');
      return claimed.kind === 'probe' && (await board.freeProbe(name, 'over'), board.look(name));
    });
    assert.ok(news?.kind === 'opened');
    assert.equal(news.forMs, 1);
  });
}

describe('what Redis holds of a breaker', () => {
  test('goes away by itself', async () => {
    const board = await redisBoard();
    const name = newName();
    await board.opened(name, 5_000, 'me');
    const newsMs = await connection.pttl(breakerKey(name));
    const placeMs = await connection.pttl(breakerProbeKey(name));
    assert.ok(newsMs > 5_000 && newsMs <= 65_000, `${newsMs}`);
    assert.ok(placeMs > 0 && placeMs <= 5_000, `${placeMs}`);
    await board.closed(name, 'me');
    assert.ok((await connection.pttl(breakerKey(name))) > 0);
    assert.equal(await connection.exists(breakerProbeKey(name)), 0);
    await claim(board, name, 'a', 3_000);
    const probeMs = await connection.pttl(breakerProbeKey(name));
    assert.ok(probeMs > 0 && probeMs <= 3_000, `${probeMs}`);
  });

  test('keeps its order after the server was emptied or its clock set back', async () => {
    const board = await redisBoard();
    const name = newName();
    const first = await board.opened(name, LONG_MS, 'me');
    await connection.del(breakerKey(name));
    assert.ok((await board.closed(name, 'me')) >= first);
    const ahead = first + 3_600_000;
    const news = { name, kind: 'opened', order: ahead, forMs: LONG_MS, by: 'another' };
    await connection.set(breakerKey(name), JSON.stringify(news));
    assert.equal(await board.closed(name, 'me'), ahead + 1);
  });

  test('is ignored when it cannot be read, and replaced by the next news', async () => {
    const board = await redisBoard();
    const name = newName();
    const one = hearing();
    board.hear(name, one.listener);
    for (const text of ['', '{', '[]', '7', 'null', '{"kind":"closed"}']) {
      await connection.set(breakerKey(name), text);
      await connection.publish(BREAKERS_CHANNEL, text);
      assert.equal(await board.look(name), undefined);
      const id = randomUUID();
      assert.deepEqual(await claim(board, name, id), { kind: 'probe' });
      const order = await board.opened(name, LONG_MS, id);
      assert.deepEqual((await board.look(name))?.order, order);
      await board.closed(name, 'me');
    }
    await until(() => one.heard.length === 12, { what: 'the sound news is heard' });
  });
});

describe('a board whose Redis is away', () => {
  test('rejects, and hears again when it is back', async () => {
    await using own = await startTestRedis('queue');
    const name = newName();
    const one = hearing();
    const board = createRedisBoard({
      redis: await own.connect(),
      subscriber: await own.connect('subscriber'),
      onError: () => undefined,
    });
    board.hear(name, one.listener);
    await own.server.stop();
    await assert.rejects(settling(board.opened(name, LONG_MS, 'me')));
    await assert.rejects(settling(claim(board, name)));
    await own.server.restart();
    await until(
      async () => {
        await board.opened(name, LONG_MS, 'me');
        return one.heard.length > 0;
      },
      { what: 'news is heard' },
    );
  });
});

describe('a board that is not connected yet, or was cut off', () => {
  test('tells how things stand when it is connected', async () => {
    const name = newName();
    const order = await (await redisBoard()).opened(name, LONG_MS, 'me');
    const { heard, listener } = hearing();
    const subscriber = redis.open('subscriber');
    const board = createRedisBoard({ redis: redis.open(), subscriber, onError: assert.ifError });
    board.hear(name, listener);
    await until(() => heard.length > 0, { what: 'the state is heard' });
    assert.equal(heard[0]?.order, order);
  });

  test('tells what was missed when it is connected again', async () => {
    const name = newName();
    const { heard, listener } = hearing();
    const subscriber = await redis.connect('subscriber');
    const cut = createRedisBoard({ redis: connection, subscriber, onError: assert.ifError });
    cut.hear(name, listener);
    subscriber.disconnect();
    const order = await (await redisBoard()).opened(name, LONG_MS, 'me');
    await subscriber.connect();
    await until(() => heard.length > 0, { what: 'the state is heard' });
    assert.equal(heard[0]?.order, order);
  });
});

async function redisBoard(): Promise<BreakerBoard> {
  const subscriber = await redis.connect('subscriber');
  const own = await redis.connect();
  const board = createRedisBoard({ redis: own, subscriber, onError: assert.ifError });
  // The subscription goes first on its connection: it stands when this is answered.
  await subscriber.subscribe(`${BREAKERS_CHANNEL}:ready`);
  return board;
}

async function memoryBoard(): Promise<BreakerBoard> {
  const board = createMemoryBoard(Date.now);
  const post = async <T>(told: Promise<T>): Promise<T> => {
    const result = await told;
    for (const { deliver } of board.mail.splice(0)) deliver();
    return result;
  };
  return {
    ...board,
    opened: (...news) => post(board.opened(...news)),
    closed: (...news) => post(board.closed(...news)),
  };
}

function newName(): string {
  return `breaker-${randomUUID()}`;
}

function hearing() {
  const heard: BreakerNews[] = [];
  return { heard, listener: (news: BreakerNews) => void heard.push(news) };
}

function claim(board: BreakerBoard, name: string, id: string = randomUUID(), forMs = LONG_MS) {
  return board.claimProbe(name, { id, forMs, heard: Number.MAX_SAFE_INTEGER });
}
