import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import type { Answer } from '../get.ts';
import { until } from '../until.ts';
import type { EmulatorJob } from '../with-stack.ts';
import { type Asked, type ClaimsStack, withClaims } from './with-claims.ts';

describe('a batched query over two gateway processes', async () => {
  const stack = await withClaims({ env: { GATEWAY_PROCESSES: '2' } });
  after(() => stack.stop());
  beforeEach(async () => {
    await stack.faults([]);
    await stack.forgetStored();
    await stack.forgetJobs();
  });

  test('brings 500 members at once their own rows with fifty jobs at most', async () => {
    const ids = Array.from({ length: 500 }, (_, index) => 1_001 + index);
    const answers = await Promise.all(ids.map((id) => askFor(stack, id)));
    for (const [index, { status, text, body }] of answers.entries()) {
      assert.equal(status, 200, text);
      assert.deepEqual(ownersAndNumbers(body), rowsOf(ids[index] ?? 0));
    }
    const jobs = await stack.jobs();
    // Two to five on a quiet machine; a busy one lets members come in a few at a time.
    assert.ok(jobs.length <= 50, `${jobs.length} jobs`);
    await Promise.all(ids.map((id) => askFor(stack, id)));
    assert.equal((await stack.jobs()).length, jobs.length);
  });

  test('files an empty entry for a member without rows', async () => {
    const [first, second] = [await askFor(stack, 20), await askFor(stack, 20)];
    assert.deepEqual([first.body.data, first.body.meta.source], [[], 'live']);
    assert.deepEqual([second.body.data, second.body.meta.source], [[], 'fresh']);
    assert.equal((await stack.jobs()).length, 1);
  });

  test('is not failed for all by one key whose job fails, nor by one with bad rows', async () => {
    const ids = Array.from({ length: 24 }, (_, index) => 1 + index);
    const answers = await Promise.all(ids.map((id) => askFor(stack, id)));
    const outcomes = answers.map(({ status, body }) => (status === 200 ? 'rows' : body.code));
    const expected = ids.map((id) => OUTCOMES.get(id) ?? 'rows');
    assert.deepEqual(outcomes, expected);
  });

  test('asks for different sizes apart', async () => {
    const answers = await Promise.all([askFor(stack, 3_001), askFor(stack, 3_002, 3)]);
    assert.deepEqual(
      answers.map(({ body }) => body.data.length),
      [2, 3],
    );
    assert.equal((await stack.jobs()).length, 2);
  });
});

describe('a worker that dies under a batch', () => {
  test('leaves it to another, who goes on at the same job with all who were in it', async () => {
    await using stack = await withClaims({ workers: 2, env: { ANSWER_WITHIN: '19s' } });
    const [doomed, heir] = stack.workers;
    await heir?.stop();
    await stack.faults([{ match: { query: 'members' }, latencyMs: 6_000 }]);
    const ids = [1, 2, 3, 4, 5, 6];
    const answering = Promise.all(ids.map((id) => askFor(stack, id)));
    const restarting = heir?.restart();
    await until(async () => {
      const inserted = idsOf(await stack.jobs());
      const known = await Promise.all(ids.map((id) => stack.jobIdOf(members(id))));
      return known.every((jobId) => jobId !== null && inserted.has(jobId));
    });
    const begun = idsOf(await stack.jobs());
    await doomed?.kill();
    await restarting;
    for (const [index, { status, text, body }] of (await answering).entries()) {
      assert.equal(status, 200, text);
      assert.equal(body.meta.source, 'live');
      assert.deepEqual(ownersAndNumbers(body), rowsOf(ids[index] ?? 0));
    }
    const jobs = await stack.jobs();
    assert.ok(jobs.every(({ cancelled }) => cancelled === false));
    assert.deepEqual(idsOf(jobs), begun);
  });
});

const OUTCOMES = new Map([
  [13, 'query-failed'],
  [17, 'bad-result'],
]);

function idsOf(jobs: readonly EmulatorJob[]): ReadonlySet<string> {
  return new Set(jobs.map(({ jobId }) => jobId));
}

function askFor(stack: ClaimsStack, memberId: number, size = 2): Promise<Answer> {
  return stack.ask(members(memberId, size));
}

function members(memberId: number, size = 2): Asked {
  return { query: 'members', parameters: { memberId, size } };
}

function ownersAndNumbers(body: Answer['body']): unknown {
  return body.data.map(({ owner, n }: { owner: number; n: number }) => [owner, n]);
}

function rowsOf(id: number): number[][] {
  return id % 10 === 0 ? [] : [1, 2].map((n) => [id, n]);
}
