import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { BigQuery } from '@google-cloud/bigquery';
import { rejection, type TestEmulator, until, withEmulator } from './with-emulator.ts';

describe('jobs', () => {
  let emulator: TestEmulator;
  let bq: BigQuery;
  before(async () => {
    emulator = await withEmulator();
    bq = emulator.client();
  });
  after(() => emulator[Symbol.asyncDispose]());

  // Runs for minutes unless it is stopped.
  const endless =
    'SELECT COUNT(*) AS n FROM UNNEST(GENERATE_ARRAY(1, 1000000)) AS a, UNNEST(GENERATE_ARRAY(1, 1000000)) AS b WHERE MOD(a * b, 7) = 3';

  test('a job keeps the id, labels and configuration that it was given', async () => {
    const [job] = await bq.createQueryJob({
      query: 'SELECT 1 AS a',
      jobId: 'own-id',
      labels: { punctual_query: 'home' },
    });
    assert.equal(job.id, 'own-id');
    await job.getQueryResults();
    const [metadata] = await bq.job('own-id').getMetadata();
    assert.equal(metadata.status.state, 'DONE');
    assert.deepEqual(metadata.configuration.labels, { punctual_query: 'home' });
    assert.equal(metadata.configuration.query.query, 'SELECT 1 AS a');
    assert.equal(metadata.statistics.query.statementType, 'SELECT');
    assert.equal(metadata.statistics.query.cacheHit, false);
    assert.ok(Number(metadata.statistics.endTime) >= Number(metadata.statistics.startTime));
  });

  test('a taken job id is a duplicate, and the first job can still be read', async () => {
    await bq.createQueryJob({ query: 'SELECT 1 AS a', jobId: 'taken' });
    const error = await rejection(bq.createQueryJob({ query: 'SELECT 2 AS a', jobId: 'taken' }));
    assert.deepEqual([error.code, error.reason], [409, 'duplicate']);
    const [rows] = await bq.job('taken').getQueryResults();
    assert.deepEqual(rows, [{ a: 1 }]);
  });

  test('a request id given twice runs once', async () => {
    const ask = () =>
      emulator.call('POST', '/projects/my-project/queries', {
        query: 'SELECT 1 AS a',
        useLegacySql: false,
        requestId: 'request-1',
      });
    const [first, second] = await Promise.all([ask(), ask()]);
    assert.equal(first.body.jobReference.jobId, second.body.jobReference.jobId);
  });

  test('an unknown job, and a job asked for in another location, are not found', async () => {
    const unknown = await rejection(bq.job('nobody').getMetadata());
    assert.deepEqual([unknown.code, unknown.reason], [404, 'notFound']);
    await bq.createQueryJob({ query: 'SELECT 1', jobId: 'in-europe', location: 'EU' });
    await bq.job('in-europe', { location: 'EU' }).getMetadata();
    const elsewhere = await rejection(bq.job('in-europe', { location: 'US' }).getMetadata());
    assert.equal(elsewhere.code, 404);
  });

  test('a running job is not complete after timeoutMs, and a cancel ends it with reason stopped', async () => {
    const [job] = await bq.createQueryJob({ query: endless, jobId: 'endless-1' });
    const path = '/projects/my-project/queries/endless-1?timeoutMs=50';
    const { body } = await emulator.call('GET', path);
    assert.equal(body.jobComplete, false);
    const results = rejection(job.getQueryResults());
    await job.cancel();
    const error = await results;
    assert.deepEqual([error.code, error.reason], [400, 'stopped']);
    const [metadata] = await job.getMetadata();
    assert.equal(metadata.status.state, 'DONE');
    assert.equal(metadata.status.errorResult.reason, 'stopped');
  });

  test('jobs waiting for a free connection can be cancelled too', async () => {
    const jobs = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        bq.createQueryJob({ query: endless, jobId: `crowd-${i}` }).then(([job]) => job),
      ),
    );
    const results = jobs.map((job) => rejection(job.getQueryResults()));
    await Promise.all(jobs.map((job) => job.cancel()));
    for (const { reason } of await Promise.all(results)) assert.equal(reason, 'stopped');
    assert.deepEqual((await bq.query('SELECT 1 AS a'))[0], [{ a: 1 }]);
  });

  test('jobTimeoutMs stops a job that takes longer', async () => {
    const [job] = await bq.createQueryJob({ query: endless, jobTimeoutMs: 100 });
    const error = await rejection(job.getQueryResults());
    assert.equal(error.reason, 'stopped');
    assert.match(error.message, /timed out after 0.1s/);
  });

  test('the figures of timeline and plan move while a job runs', async () => {
    const [job] = await bq.createQueryJob({ query: endless });
    const completed = async () => {
      const [{ statistics }] = await job.getMetadata();
      return Number(statistics.query?.queryPlan?.[0]?.completedParallelInputs ?? 0);
    };
    await until(async () => (await completed()) > 0);
    const before = await completed();
    await until(async () => (await completed()) > before);
    const [{ statistics }] = await job.getMetadata();
    assert.ok(Number(statistics.query.timeline.at(-1).elapsedMs) > 0);
    assert.ok(Number(statistics.totalSlotMs) > 0);
    await job.cancel();
  });

  test('a long poll of a client that has left leaves the job running', async () => {
    await bq.createQueryJob({ query: endless, jobId: 'left-alone' });
    const leave = new AbortController();
    const poll = fetch(`${emulator.url}/projects/my-project/queries/left-alone?timeoutMs=60000`, {
      signal: leave.signal,
    });
    leave.abort();
    await assert.rejects(poll);
    const [metadata] = await bq.job('left-alone').getMetadata();
    assert.notEqual(metadata.status.state, 'DONE');
    await bq.job('left-alone').cancel();
  });

  test('jobs are listed newest first, by state, in pages', async () => {
    const lister = emulator.client('list-project');
    for (const jobId of ['a', 'b', 'c'])
      await lister
        .createQueryJob({ query: 'SELECT 1', jobId })
        .then(([job]) => job.getQueryResults());
    const [jobs] = await lister.getJobs();
    assert.deepEqual(
      jobs.map(({ id }) => id),
      ['c', 'b', 'a'],
    );
    const [page] = await lister.getJobs({ maxResults: 2, autoPaginate: false });
    assert.equal(page.length, 2);
    const { body } = await emulator.call('GET', '/projects/list-project/jobs?stateFilter=running');
    assert.deepEqual(body.jobs, []);
  });

  test('load, copy and extract jobs are refused by name', async () => {
    const { status, body } = await emulator.call('POST', '/projects/my-project/jobs', {
      configuration: { load: {} },
    });
    assert.deepEqual([status, body.error.errors[0].reason], [501, 'notImplemented']);
  });

  test('the emulator lists its jobs with label, state and times, and forgets them', async () => {
    await bq.query({ query: 'SELECT 1', labels: { punctual_query: 'listed', team: 'a' } });
    const { body: jobs } = await emulator.call('GET', '/emulator/jobs');
    const listed = jobs.find(({ query }: { query: string }) => query === 'listed');
    assert.equal(listed.state, 'DONE');
    assert.deepEqual(listed.labels, { punctual_query: 'listed', team: 'a' });
    assert.equal(listed.cancelled, false);
    assert.equal(listed.error, null);
    assert.equal(listed.totalBytesProcessed, 0);
    assert.ok(Date.parse(listed.endedAt) >= Date.parse(listed.startedAt));
    const cancelled = jobs.find(({ jobId }: { jobId: string }) => jobId === 'endless-1');
    assert.deepEqual([cancelled.cancelled, cancelled.error], [true, 'stopped']);
    await emulator.call('DELETE', '/emulator/jobs');
    const { body: left } = await emulator.call('GET', '/emulator/jobs');
    assert.ok(!left.some(({ state }: { state: string }) => state === 'DONE'));
  });
});
