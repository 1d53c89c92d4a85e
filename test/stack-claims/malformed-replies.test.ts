import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import type { Answer } from '../get.ts';
import { withClaims } from './with-claims.ts';

const replies = ['htmlOk', 'emptyOk', 'truncated', 'reset'] as const;
const routes = ['insert', 'results'] as const;

describe('a reply that no warehouse would give', async () => {
  const stack = await withClaims();
  const { pid } = stack.workers[0] ?? {};
  after(() => stack.stop());
  beforeEach(() => stack.faults([]));

  for (const route of routes)
    test(`to ${route} reaches no caller and stores nothing, whatever its form`, async () => {
      await stack.faults(
        replies.map((reply) => ({
          match: { query: queryFor[reply], route },
          http: { [reply]: true },
        })),
      );
      const questions = replies.map((reply) => ({
        query: queryFor[reply],
        parameters: { key: `${route} ${reply}` },
      }));
      const answers = await Promise.all(questions.map((asked) => stack.ask(asked)));
      for (const [index, answer] of answers.entries())
        assertGood(answer, `${route} ${replies[index]}`);

      await stack.faults([]);
      const healed = await Promise.all(
        questions.map((asked) => stack.ask(asked, { 'Cache-Control': 'no-cache' })),
      );
      for (const [index, answer] of healed.entries()) {
        assertGood(answer, `${route} ${replies[index]}`);
        assert.equal(answer.body.meta.source, 'live', replies[index]);
      }
    });

  test('to one insert only costs no second job: its own id finds the first', async () => {
    await stack.faults([
      { match: { query: 'patient', route: 'insert' }, http: { reset: true }, times: 1 },
    ]);
    const asked = { query: 'patient', parameters: { key: 'lost once' } };
    assert.equal((await stack.ask(asked)).body.meta.source, 'live');
    assert.equal((await stack.jobsOf(asked)).length, 1);
  });

  test('to two polls costs nothing: what was only read can be read again', async () => {
    await stack.faults([
      { match: { query: 'patient', route: 'results' }, http: { reset: true }, times: 2 },
    ]);
    const asked = { query: 'patient', parameters: { key: 'poll lost twice' } };
    assert.equal((await stack.ask(asked)).body.meta.source, 'live');
    assert.equal((await stack.jobsOf(asked)).length, 1);
  });

  test('leaves the worker running', () => {
    assert.equal(stack.workers[0]?.isRunning(), true);
    assert.equal(stack.workers[0]?.pid, pid);
  });
});

/** The rows of the question, which an id of our own may have saved from a spoilt insert, or the fallback and its label. */
function assertGood({ status, body, text }: Answer, key: string): void {
  assert.equal(status, 200, text);
  assert.equal(body.data.length, 1, `${key}: ${text}`);
  const isFallback = body.meta.source === 'fallback';
  assert.equal(body.data[0].key, isFallback ? 'constant' : key);
  if (!isFallback) assert.equal(body.meta.source, 'live');
}

/** Queries of their own, so that one form's failures open no breaker for another. */
const queryFor = {
  htmlOk: 'malformed-four',
  emptyOk: 'malformed-three',
  truncated: 'malformed-one',
  reset: 'malformed-two',
} as const;
