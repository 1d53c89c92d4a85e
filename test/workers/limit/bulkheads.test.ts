import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { describe, test } from 'node:test';
import type { QueryClass } from '../../../shared/catalog/policy.ts';
import type { FlightResult } from '../../../workers/limit/adaptive-limit.ts';
import { type Bulkheads, createBulkheads, type Place } from '../../../workers/limit/bulkheads.ts';

const OK: FlightResult = { query: 'q', tookMs: 100, outcome: 'ok' };
/** With a limit of ten the shares are six, three and one. */
const TEN = { concurrency: { live: 100, analyst: 100, warm: 100 }, most: 10, now: () => 0 };

describe('the bulkheads', () => {
  test('lend all of the room to one class while no other wants it', async () => {
    const bulkheads = createBulkheads(TEN);
    await enterMany(bulkheads, 'warm', 12);
    assert.deepEqual(bulkheads.state.inFlight, { live: 0, analyst: 0, warm: 10 });
    assert.deepEqual(bulkheads.state.waiting, { live: 0, analyst: 0, warm: 2 });
  });

  test('let each class have its share at once, whatever the others have borrowed', async () => {
    const bulkheads = createBulkheads(TEN);
    await enterMany(bulkheads, 'warm', 20);
    await enterMany(bulkheads, 'analyst', 20);
    await enterMany(bulkheads, 'live', 20);
    assert.deepEqual(bulkheads.state.inFlight, { live: 6, analyst: 3, warm: 10 });
    assert.deepEqual(bulkheads.state.waiting, { live: 14, analyst: 17, warm: 10 });
  });

  test('give room that frees up to live first, then to analyst, then to warm', async () => {
    const bulkheads = createBulkheads(TEN);
    const places = await enterMany(bulkheads, 'live', 10);
    const entered: string[] = [];
    for (const name of ['warm', 'analyst', 'live'] as const)
      for (let one = 0; one < 5; one++) void bulkheads.enter(name).then(() => entered.push(name));
    await settled();
    // Their shares are their own: they have not waited for them.
    assert.deepEqual(entered.splice(0).sort(), ['analyst', 'analyst', 'analyst', 'warm']);
    // Ten of live and four of the others are in flight: the next one enters when five have left.
    for (let one = 0; one < 4; one++) places.pop()?.leave(OK);
    await settled();
    assert.deepEqual(entered, []);
    for (const expected of [...Array(5).fill('live'), 'analyst']) {
      places.pop()?.leave(OK);
      await settled();
      assert.deepEqual(entered.splice(0), [expected]);
    }
  });

  test('keep the order within a class', async () => {
    const bulkheads = createBulkheads({ ...TEN, most: 4 });
    const places = await enterMany(bulkheads, 'analyst', 4);
    const entered: number[] = [];
    for (let one = 0; one < 4; one++) void bulkheads.enter('analyst').then(() => entered.push(one));
    for (const place of places) place.leave(OK);
    await settled();
    assert.deepEqual(entered, [0, 1, 2, 3]);
  });

  test('let the next one in when one gives up waiting, who gets the reason of his signal', async () => {
    const bulkheads = createBulkheads({ ...TEN, most: 4 });
    const places = await enterMany(bulkheads, 'live', 4);
    const impatient = new AbortController();
    const first = bulkheads.enter('live', impatient.signal);
    const second = bulkheads.enter('live');
    impatient.abort(new Error('no longer'));
    await assert.rejects(first, /no longer/);
    assert.equal(bulkheads.state.waiting.live, 1);
    places[0]?.leave(OK);
    (await second).leave(OK);
    assert.equal(bulkheads.state.inFlight.live, 3);
  });

  test('let nobody in whose signal has aborted, and hold no place for him', async () => {
    const bulkheads = createBulkheads(TEN);
    await assert.rejects(bulkheads.enter('live', AbortSignal.abort('cancel')), /cancel/);
    assert.equal(bulkheads.state.inFlight.live, 0);
    assert.equal(bulkheads.state.waiting.live, 0);
  });

  test('take nothing back from one whose signal aborts once he is in', async () => {
    const bulkheads = createBulkheads(TEN);
    const controller = new AbortController();
    const place = await bulkheads.enter('live', controller.signal);
    assert.equal(getEventListeners(controller.signal, 'abort').length, 0);
    controller.abort();
    assert.equal(bulkheads.state.inFlight.live, 1);
    place.leave({ ...OK, outcome: 'ignored' });
    assert.equal(bulkheads.state.inFlight.live, 0);
  });

  test('take a place back once, however often it is given', async () => {
    const bulkheads = createBulkheads(TEN);
    const [place] = await enterMany(bulkheads, 'live', 3);
    for (let again = 0; again < 3; again++) place?.leave({ ...OK, outcome: 'quota' });
    assert.equal(bulkheads.state.inFlight.live, 2);
    assert.equal(bulkheads.state.limit, 5);
  });

  test('let fewer in after a quota error, and a place of its own is left to every class', async () => {
    let nowMs = 0;
    const bulkheads = createBulkheads({ ...TEN, now: () => nowMs });
    for (let second = 0; second < 5; second++) {
      nowMs += 1_000;
      (await bulkheads.enter('live')).leave({ ...OK, outcome: 'quota' });
    }
    await enterMany(bulkheads, 'live', 20);
    await enterMany(bulkheads, 'analyst', 20);
    await enterMany(bulkheads, 'warm', 20);
    assert.equal(bulkheads.state.limit, 4);
    assert.deepEqual(bulkheads.state.inFlight, { live: 4, analyst: 1, warm: 1 });
  });

  test('recover by themselves in a quiet time', async () => {
    let nowMs = 0;
    const bulkheads = createBulkheads({ ...TEN, now: () => nowMs });
    (await bulkheads.enter('live')).leave({ ...OK, outcome: 'quota' });
    assert.equal(bulkheads.state.limit, 5);
    nowMs += 60_000;
    assert.equal(bulkheads.state.limit, 10);
    await enterMany(bulkheads, 'live', 20);
    assert.equal(bulkheads.state.inFlight.live, 10);
  });
});

describe('the places of a class', () => {
  test('are what it would get as things stand, and no more than it takes from its queue', async () => {
    const bulkheads = createBulkheads({ concurrency: { live: 32, analyst: 8, warm: 4 } });
    assert.equal(bulkheads.state.limit, 44);
    assert.deepEqual(bulkheads.state.places, { live: 32, analyst: 8, warm: 4 });
  });

  test('are its share at least, and what the others leave', async () => {
    const bulkheads = createBulkheads(TEN);
    await enterMany(bulkheads, 'live', 9);
    assert.deepEqual(bulkheads.state.places, { live: 10, analyst: 3, warm: 1 });
  });
});

/** Enters so many and returns the places of those who got in at once. */
async function enterMany(bulkheads: Bulkheads, name: QueryClass, count: number): Promise<Place[]> {
  const places: Place[] = [];
  for (let one = 0; one < count; one++)
    void bulkheads.enter(name).then((place) => places.push(place));
  await settled();
  return places;
}

/** All promises that can settle have. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
