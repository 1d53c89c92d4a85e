import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Query } from '../../../shared/catalog/catalog.ts';
import { checkQuery } from '../../../shared/catalog/check-query.ts';
import type { DemandNote } from '../../../shared/warm/demand.ts';
import type { Part } from '../../../gateway/answer/part.ts';
import { createDemandNotes } from '../../../gateway/warm/demand-notes.ts';
import { z } from 'zod';

function query(name: string, learned: number): Query {
  const warm = learned > 0 ? { learned } : undefined;
  const definition = { name, summary: name, parameters: z.object({}), row: z.object({}), warm };
  const checked = checkQuery(definition, 'SELECT 1');
  assert.ok(checked.ok);
  return checked.query;
}

function open(random = () => 0, isAway = false) {
  const learns = query('learns', 3);
  const written: (DemandNote & { readonly query: string; readonly mostSets: number })[] = [];
  const sizes: number[] = [];
  const errors: unknown[] = [];
  const notes = createDemandNotes({
    catalog: {
      queries: new Map([learns, query('plain', 0)].map((one) => [one.name, one])),
      endpoints: new Map(),
    },
    demand: {
      async note(query, { notes, mostSets }) {
        sizes.push(notes.length);
        if (isAway) throw new Error('away');
        for (const note of notes) written.push({ ...note, query, mostSets });
      },
    },
    clock: { now: () => 0 },
    usualRunMs: () => 100,
    onError: (error) => errors.push(error),
    random,
  });
  const part = (fingerprint: string, of = learns): Part => ({
    name: 'part',
    query: of,
    parameters: {},
    scope: 'public',
    fingerprint,
    fallbacks: [],
  });
  return { notes, part, written, sizes, errors };
}

test('what is asked for is written down with its callers, whose addresses are not', async () => {
  const { notes, part, written, errors } = open();
  notes.note(part('a'), 1, '10.0.0.1');
  notes.note(part('a'), 5, '10.0.0.2');
  notes.note(part('a'), 1, undefined);
  notes.note(part('b', query('plain', 0)), 1, '10.0.0.1');
  await notes.tick();
  const [one, ...others] = written;
  assert.deepEqual(others, []);
  assert.equal(one?.asks, 7);
  assert.equal(one?.mostSets, 30);
  assert.equal(new Set(one?.callers).size, 2);
  for (const caller of one?.callers ?? []) assert.match(caller, /^[0-9a-f]{12}$/);
  await notes.tick();
  assert.equal(written.length, 1);
  assert.deepEqual(errors, []);
});

test('of much a sample is taken, which counts for all of it', async () => {
  let drawn = 0;
  const { notes, part, written } = open(() => (drawn++ % 20) / 20);
  const askOften = () => {
    for (let ask = 0; ask < 10_000; ask++) notes.note(part('a'), 1, 'me');
  };
  askOften();
  await notes.tick();
  drawn = 0;
  askOften();
  await notes.tick();
  assert.deepEqual(
    written.map(({ asks }) => asks),
    [10_000, 10_000],
  );
  assert.equal(drawn, 10_000);
});

test('a sudden crowd is noted up to a bound, and written in steps', async () => {
  const { notes, part, sizes } = open();
  for (let set = 0; set < 2_000; set++) notes.note(part(`set ${set}`), 1, 'me');
  await notes.tick();
  assert.deepEqual(sizes, [100, 100, 100, 100, 100]);
});

test('while Redis is away one step is tried, told of, and no other waited for', async () => {
  const { notes, part, sizes, errors } = open(() => 0, true);
  for (let set = 0; set < 500; set++) notes.note(part(`set ${set}`), 1, 'me');
  await notes.stop();
  assert.deepEqual(sizes, [100]);
  assert.equal(errors.length, 1);
});
