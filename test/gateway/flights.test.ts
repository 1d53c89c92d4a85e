import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createFlights } from '../../gateway/flights/flights.ts';
import { encodeEntry } from '../../shared/entry/codec.ts';
import { until } from '../until.ts';
import { emptySky, entryAsOf, failed, jobFor, stored, waitFor } from './watch-doubles.ts';

const longMs = 20_000;

describe('waiting for a flight', () => {
  test('starts one, hears that it has landed, and gives the entry', async () => {
    const sky = emptySky();
    const flights = createFlights(sky.parts);
    const result = flights.await(jobFor(), waitFor(longMs));
    await until(() => sky.started.length === 1);
    sky.entry = entryAsOf(5);
    const times = stored('1');
    flights.hear(times);
    const { entry } = sky;
    assert.deepEqual(await result, { kind: 'landed', entry, collapsed: false, times });
    assert.equal(flights.watched, 0);
  });

  test('takes an entry that came with its landing, and reads no store for it', async () => {
    const entry = entryAsOf(5);
    const bytes = await encodeEntry(entry);
    const sky = emptySky();
    const flights = createFlights(sky.parts);
    const result = flights.await(jobFor(), waitFor(longMs));
    await until(() => sky.started.length === 1);
    const times = { ...stored('1'), entry: bytes.toString('base64') };
    const { reads } = sky;
    flights.hear(times);
    assert.deepEqual(await result, { kind: 'landed', entry, collapsed: false, times });
    assert.equal(sky.reads, reads);
  });

  for (const [what, asOf, spoil] of [
    ['is older than asked for', 5, (bytes: Buffer) => bytes],
    ['cannot be read', 15, (bytes: Buffer) => bytes.subarray(1)],
  ] as const)
    test(`looks for another entry where the one that came with a landing ${what}`, async () => {
      const sky = emptySky();
      const flights = createFlights(sky.parts);
      const result = flights.await(jobFor(10), waitFor(longMs));
      await until(() => sky.started.length === 1);
      const bytes = spoil(await encodeEntry(entryAsOf(asOf)));
      flights.hear({ ...stored('1'), entry: bytes.toString('base64') });
      await until(() => sky.reads > 0);
      sky.entry = entryAsOf(20);
      const landed = await result;
      assert.ok(landed.kind === 'landed' && landed.entry.asOf === 20);
    });

  test('finds an entry that it never heard of, by looking', async () => {
    const sky = emptySky();
    const flights = createFlights(sky.parts);
    const result = flights.await(jobFor(), waitFor(longMs));
    await until(() => sky.reads > 0);
    sky.entry = entryAsOf(5);
    assert.equal((await result).kind, 'landed');
  });

  test('says so when the flight was in the air already', async () => {
    const sky = emptySky();
    sky.airborne = true;
    const flights = createFlights(sky.parts);
    const result = flights.await(jobFor(), waitFor(longMs));
    await until(() => sky.reads > 0);
    sky.entry = entryAsOf(5);
    const landed = await result;
    assert.ok(landed.kind === 'landed' && landed.collapsed);
  });

  test('is done once for all who wait in this process', async () => {
    const sky = emptySky();
    const flights = createFlights(sky.parts);
    const results = Array.from({ length: 50 }, () => flights.await(jobFor(), waitFor(longMs)));
    await until(() => sky.started.length === 1);
    assert.equal(flights.watched, 1);
    sky.entry = entryAsOf(5);
    flights.hear(stored('1'));
    const collapsed = (await Promise.all(results)).map(
      (result) => result.kind === 'landed' && result.collapsed,
    );
    assert.deepEqual(collapsed, [false, ...Array.from({ length: 49 }, () => true)]);
    assert.equal(sky.started.length, 1);
  });

  test('ends for each at his own time, and goes on for the others', async () => {
    const sky = emptySky();
    const flights = createFlights(sky.parts);
    const patient = flights.await(jobFor(), waitFor(longMs));
    assert.deepEqual(await flights.await(jobFor(), waitFor(50)), { kind: 'timeout' });
    assert.equal(flights.watched, 1);
    sky.entry = entryAsOf(5);
    flights.hear(stored('1'));
    assert.equal((await patient).kind, 'landed');
  });

  test('is wanted until the latest who waits for it, and no longer once he has left', async () => {
    const sky = emptySky();
    const flights = createFlights(sky.parts);
    const patient = flights.await(jobFor(), waitFor(longMs));
    const gone = new AbortController();
    const leaving = flights.await(jobFor(), waitFor(2 * longMs, { gone: gone.signal }));
    await until(() => sky.want && sky.want.until > Date.now() + 1.5 * longMs);
    gone.abort();
    assert.equal((await leaving).kind, 'timeout');
    await until(() => sky.want && sky.want.until < Date.now() + 1.5 * longMs);
    assert.equal(flights.watched, 1);
    sky.entry = entryAsOf(5);
    flights.hear(stored('1'));
    assert.equal((await patient).kind, 'landed');
  });

  test('is over at once when the last who waits has left, and its workers hear of it', async () => {
    const sky = emptySky();
    sky.airborne = true;
    const flights = createFlights(sky.parts);
    const gone = new AbortController();
    const leaving = flights.await(jobFor(), waitFor(longMs, { gone: gone.signal }));
    await until(() => sky.reads > 0);
    gone.abort();
    assert.equal((await leaving).kind, 'timeout');
    await until(() => flights.watched === 0);
    await until(() => sky.want?.until === 0);
    assert.equal(sky.breaker.state, 'closed');
  });

  test('that is a refresh goes on to its deadline, whoever has left', async () => {
    const sky = emptySky();
    const flights = createFlights(sky.parts);
    const waited = await flights.await(jobFor(0, 600), waitFor(20, { isRefresh: true }));
    assert.deepEqual(waited, { kind: 'timeout' });
    assert.equal(flights.watched, 1);
    await until(() => flights.watched === 0);
  });

  test('is refused when there is no room, but joined where it is in the air for another', async () => {
    const sky = emptySky();
    const flights = createFlights(sky.parts);
    const first = flights.await(jobFor(), waitFor(longMs));
    await until(() => sky.started.length === 1);
    sky.admission = { admit: false, retryAfterSeconds: 3, refresh: false };
    const second = flights.await(jobFor(), waitFor(longMs));
    sky.entry = entryAsOf(5);
    flights.hear(stored('1'));
    assert.equal((await first).kind, 'landed');
    assert.equal((await second).kind, 'landed');
    const shed = await flights.await(jobFor(6), waitFor(longMs));
    assert.deepEqual(shed, { kind: 'shed', retryAfterSeconds: 3 });
    assert.equal(sky.started.length, 1);
  });

  test('is flown behind a refusal only where it would land in the time of its query', async () => {
    const sky = emptySky();
    const refused = { admit: false, retryAfterSeconds: 3, refresh: true } as const;
    const judge = async (_: unknown, budgetMs: number) =>
      budgetMs > 1_000 ? ({ admit: true } as const) : refused;
    const flights = createFlights({ ...sky.parts, judge });
    const soft = await flights.await(jobFor(0, 5_000), waitFor(900));
    assert.equal(soft.kind, 'shed');
    await until(() => sky.started.length === 1);
    const crowded = createFlights({ ...sky.parts, judge: async () => refused });
    assert.equal((await crowded.await(jobFor(0, 5_000), waitFor(900))).kind, 'shed');
    assert.equal((await crowded.await(jobFor(0, 900), waitFor(900))).kind, 'shed');
    assert.equal(crowded.watched, 0);
    sky.entry = entryAsOf(5);
    flights.hear(stored('1'));
    await until(() => flights.watched === 0);
  });

  test('is over in time, however long it takes to be judged', async () => {
    const sky = emptySky();
    const judge = () => new Promise<never>(() => {});
    const flights = createFlights({ ...sky.parts, judge });
    const { kind } = await flights.await(jobFor(), waitFor(10));
    assert.equal(kind, 'timeout');
    assert.equal(sky.started.length, 0);
  });

  test('lasts for who comes late, when time is up for who came before', async () => {
    const sky = emptySky();
    sky.airborne = true;
    const flights = createFlights(sky.parts);
    const first = flights.await(jobFor(), waitFor(600));
    await until(() => sky.reads > 0);
    const second = flights.await(jobFor(), waitFor(longMs));
    assert.equal((await first).kind, 'timeout');
    assert.equal(flights.watched, 1);
    sky.entry = entryAsOf(5);
    flights.hear(stored('1'));
    assert.equal((await second).kind, 'landed');
    assert.equal(sky.started.length, 1);
  });

  test('opens the breaker when it never lands, though every caller left long before', async () => {
    const sky = emptySky();
    const flights = createFlights(sky.parts);
    sky.airborne = true;
    for (const _ of [1, 2]) {
      const waited = flights.await(jobFor(0, 600), waitFor(10, { isRefresh: true }));
      assert.equal((await waited).kind, 'timeout');
      await until(() => flights.watched === 0);
    }
    assert.deepEqual(await flights.await(jobFor(), waitFor(longMs)), { kind: 'breaker-open' });
    assert.equal(sky.breaker.state, 'open');
  });

  test('does not take an old entry for the answer', async () => {
    const sky = emptySky();
    sky.entry = entryAsOf(5);
    const flights = createFlights(sky.parts);
    const result = flights.await(jobFor(5), waitFor(longMs));
    await until(() => sky.started.length === 1);
    flights.hear(stored('1'));
    await until(() => sky.reads >= 2);
    sky.entry = entryAsOf(6);
    const landed = await result;
    assert.ok(landed.kind === 'landed' && landed.entry.asOf === 6);
  });

  test('tells how its flight has failed, and not how an earlier one did', async () => {
    const sky = emptySky();
    sky.landing = failed('earlier', 1);
    const flights = createFlights(sky.parts);
    const result = flights.await(jobFor(), waitFor(longMs));
    await until(() => sky.started.length === 1);
    sky.airborne = true;
    await until(() => sky.reads > 0);
    assert.equal(flights.watched, 1);
    sky.landing = failed('this one', Date.now() + 1_000);
    const { kind } = await result;
    assert.equal(kind, 'failed');
    assert.equal(sky.started.length, 1);
  });

  test('inherits no failure of a flight that took off before he came, and tries himself', async () => {
    const sky = emptySky();
    sky.airborne = true;
    const flights = createFlights(sky.parts);
    const result = flights.await(jobFor(), waitFor(longMs));
    await until(() => sky.reads > 0);
    const before = sky.started.length;
    sky.airborne = false;
    sky.landing = failed('before', 1);
    flights.hear(sky.landing);
    await until(() => sky.started.length > before);
    sky.entry = entryAsOf(5);
    flights.hear(stored('own'));
    assert.equal((await result).kind, 'landed');
  });

  for (const [which, airborne] of [
    ['the last one still seems to be in the air', true],
    ['the job of the last one has not left the queue', false],
  ] as const)
    test(`is put before the workers again once, and soon, when ${which}`, async () => {
      const sky = emptySky();
      const last = failed('the last one', 1);
      Object.assign(sky, { airborne, landing: last });
      let now = Date.now();
      const flights = createFlights({ ...sky.parts, clock: { now: () => now } });
      const result = flights.await(jobFor(), waitFor(longMs));
      await until(() => sky.started.length === 1);
      const nextLook = async () => {
        const { reads } = sky;
        await until(() => sky.reads > reads + 1);
      };
      // Woken early, it gives workers their time first.
      sky.airborne = false;
      flights.hear(last);
      await nextLook();
      assert.equal(sky.started.length, 1);
      // Sooner than a flight counts as lost.
      now += 500;
      await until(() => sky.started.length === 2);
      await nextLook();
      now += 500;
      await nextLook();
      assert.equal(sky.started.length, 2);
      sky.entry = entryAsOf(5);
      assert.equal((await result).kind, 'landed');
    });

  test('puts a flight that got lost before the workers again', async () => {
    const sky = emptySky();
    const flights = createFlights(sky.parts);
    const result = flights.await(jobFor(), waitFor(longMs));
    await until(() => sky.started.length === 2);
    sky.entry = entryAsOf(5);
    assert.equal((await result).kind, 'landed');
  });

  test('whose worker died is another job, for the queue still takes the first one for running', async () => {
    const sky = emptySky();
    const flights = createFlights(sky.parts);
    const result = flights.await(jobFor(), waitFor(longMs));
    await until(() => sky.started.length === 1);
    sky.airborne = true;
    const before = sky.reads;
    await until(() => sky.reads > before + 1);
    sky.airborne = false;
    await until(() => sky.losses === 1);
    sky.entry = entryAsOf(5);
    assert.equal((await result).kind, 'landed');
  });

  test('is over at once when the queue is away', async () => {
    const sky = emptySky();
    sky.isQueueDown = true;
    const flights = createFlights(sky.parts);
    assert.equal((await flights.await(jobFor(), waitFor(longMs))).kind, 'store-down');
    assert.equal(flights.watched, 0);
  });

  test('outlives stores that go away in the middle', async () => {
    const sky = emptySky();
    const flights = createFlights(sky.parts);
    const result = flights.await(jobFor(), waitFor(longMs));
    await until(() => sky.started.length === 1);
    sky.isQueueDown = true;
    sky.isCacheDown = true;
    const before = sky.reads;
    await until(() => sky.reads > before + 1);
    sky.isCacheDown = false;
    sky.entry = entryAsOf(5);
    assert.equal((await result).kind, 'landed');
  });

  test('ignores what is heard of a flight that nobody here waits for', () => {
    const flights = createFlights(emptySky().parts);
    flights.hear(stored('1'));
    assert.equal(flights.watched, 0);
  });
});

describe('a flight that nobody took, or nobody waited for long enough,', () => {
  for (const [why, airborne, waitMs] of [
    ['no worker took', false, 400],
    ['a hasty caller left', true, 10],
  ] as const)
    test(`says nothing of its query: ${why}`, async () => {
      const sky = emptySky();
      sky.airborne = airborne;
      const flights = createFlights(sky.parts);
      for (const _ of [1, 2, 3]) {
        assert.equal((await flights.await(jobFor(), waitFor(waitMs))).kind, 'timeout');
        await until(() => flights.watched === 0);
      }
      assert.equal(sky.breaker.state, 'closed');
    });
});

describe('a flight that lands with what is too old', () => {
  test('is followed by another at once, and by no third one at its pace', async () => {
    const sky = emptySky();
    sky.airborne = true;
    const flights = createFlights(sky.parts);
    const result = flights.await(jobFor(10), waitFor(longMs));
    await until(() => sky.started.length === 1);
    for (const id of ['1', '2']) {
      Object.assign(sky, { entry: entryAsOf(5), airborne: false, landing: stored(id) });
      flights.hear(stored(id));
      if (id === '1') await until(() => sky.started.length === 2, { withinMs: 1_400 });
      const { reads } = sky;
      await until(() => sky.reads > reads);
    }
    assert.equal(sky.started.length, 2);
    sky.entry = entryAsOf(15);
    flights.hear(stored('3'));
    const landed = await result;
    assert.ok(landed.kind === 'landed' && landed.entry.asOf === 15);
  });
});

describe('a flight that nobody waits for', () => {
  test('is started, unless one is being watched', async () => {
    const sky = emptySky();
    const flights = createFlights(sky.parts);
    flights.startBehind(jobFor());
    await until(() => sky.started.length === 1);
    flights.startBehind(jobFor());
    const waiting = flights.await(jobFor(), waitFor(longMs));
    sky.entry = entryAsOf(5);
    flights.hear(stored('1'));
    assert.equal((await waiting).kind, 'landed');
    assert.equal(sky.started.length, 1);
  });

  test('is not started when the last one has just failed', async () => {
    const sky = emptySky();
    sky.landing = failed('just now', Date.now());
    const flights = createFlights(sky.parts);
    flights.startBehind(jobFor());
    await flights.await(jobFor(0, 50), waitFor(10));
    await until(() => flights.watched === 0);
    assert.equal(sky.started.length, 1);
  });

  test('is not waited for, when it is a refresh and the last one has just failed', async () => {
    const sky = emptySky();
    sky.landing = failed('just now', Date.now());
    sky.failures = 3;
    const flights = createFlights(sky.parts);
    const { kind } = await flights.await(jobFor(), waitFor(longMs, { isRefresh: true }));
    assert.equal(kind, 'failed');
    assert.equal(sky.started.length, 0);
  });

  test('is tried for a half-open breaker alone', async () => {
    const sky = emptySky();
    const flights = createFlights(sky.parts);
    flights.probeBehind(jobFor());
    assert.equal(flights.watched, 0);
    sky.breaker = { ...sky.breaker, state: 'half-open' };
    flights.probeBehind(jobFor());
    await until(() => sky.started.length === 1);
    await until(() => flights.watched === 0);
  });

  test('is reported when the queue is away', async () => {
    const sky = emptySky();
    sky.isQueueDown = true;
    createFlights(sky.parts).startBehind(jobFor());
    await until(() => sky.refused.length === 1);
  });
});
