import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { createHitNotes } from '../../../gateway/warm/hit-notes.ts';

const MOST_NOTED = 10_000;

function open(noteHits?: () => Promise<void>) {
  const register = new Registry();
  const written: [query: string, keys: number][] = [];
  const leftOut: number[] = [];
  const errors: unknown[] = [];
  const notes = createHitNotes({
    register,
    tally: {
      async noteHits(query, fingerprints) {
        written.push([query, fingerprints.length]);
        await noteHits?.();
      },
    },
    onLeftOut: (hits) => leftOut.push(hits),
    onError: (error) => errors.push(error),
  });
  return { notes, register, written, leftOut, errors };
}

test('each key is written down once, and every hit is counted', async () => {
  const { notes, register, written, leftOut } = open();
  for (const fingerprint of ['a', 'b', 'a', 'a']) notes.note('one', fingerprint);
  notes.note('two', 'a');
  await notes.tick();
  await notes.tick();
  assert.deepEqual(written, [
    ['one', 2],
    ['two', 1],
  ]);
  assert.deepEqual(leftOut, []);
  const counted = await register.getSingleMetricAsString('punctual_warm_hits_total');
  assert.match(counted, /\{query="one"\} 4$/m);
});

test('a few keys that are given again and again take no room from others', async () => {
  const { notes, written, leftOut } = open();
  for (let hit = 0; hit < 2 * MOST_NOTED; hit++) notes.note('often', 'a');
  notes.note('seldom', 'b');
  await notes.tick();
  assert.deepEqual(written, [
    ['often', 1],
    ['seldom', 1],
  ]);
  assert.deepEqual(leftOut, []);
});

test('what is beyond the bound is told of, and there is room again after it was written', async () => {
  const { notes, written, leftOut } = open();
  for (let key = 0; key < MOST_NOTED + 3; key++) notes.note('q', `key ${key}`);
  notes.note('q', 'key 0');
  await notes.tick();
  notes.note('q', `key ${MOST_NOTED}`);
  await notes.stop();
  assert.deepEqual(written, [
    ['q', MOST_NOTED],
    ['q', 1],
  ]);
  assert.deepEqual(leftOut, [3]);
});

test('that it could not be written down is told', async () => {
  const { notes, errors } = open(() => Promise.reject(new Error('away')));
  notes.note('q', 'a');
  await notes.stop();
  assert.equal(errors.length, 1);
});
