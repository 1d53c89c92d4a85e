import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { BigQuery } from '@google-cloud/bigquery';
import { rejection, type TestEmulator, withEmulator } from './with-emulator.ts';

describe('faults', () => {
  let emulator: TestEmulator;
  let bq: BigQuery;
  before(async () => {
    emulator = await withEmulator();
    bq = emulator.client();
  });
  afterEach(() => emulator.call('DELETE', '/emulator/faults'));
  after(() => emulator[Symbol.asyncDispose]());

  const home = { query: 'SELECT 1 AS a', labels: { punctual_query: 'home-trending' } };
  const other = { query: 'SELECT 1 AS a', labels: { punctual_query: 'price-alerts' } };

  async function setFaults(...faults: object[]): Promise<void> {
    const { status, body } = await emulator.call('PUT', '/emulator/faults', faults);
    assert.equal(status, 200, JSON.stringify(body));
  }

  test('an error fails the jobs that the glob matches, and no others', async () => {
    await setFaults({
      match: { query: 'home-*' },
      error: { status: 503, reason: 'backendError' },
    });
    const byQuery = await rejection(bq.query(home));
    assert.deepEqual([byQuery.code, byQuery.reason], [503, 'backendError']);
    const [job] = await bq.createQueryJob(home);
    const byJob = await rejection(job.getQueryResults());
    assert.deepEqual([byJob.code, byJob.reason], [503, 'backendError']);
    const [metadata] = await job.getMetadata();
    assert.equal(metadata.status.errorResult.reason, 'backendError');
    assert.deepEqual((await bq.query(other))[0], [{ a: 1 }]);
    assert.deepEqual((await bq.query('SELECT 1 AS a'))[0], [{ a: 1 }]);
  });

  const reasons: [reason: string, status: number][] = [
    ['rateLimitExceeded', 403],
    ['quotaExceeded', 403],
    ['accessDenied', 403],
    ['resourcesExceeded', 400],
    ['backendError', 503],
    ['notFound', 404],
  ];
  for (const [reason, status] of reasons)
    test(`an error of reason ${reason} has status ${status} if none is given`, async () => {
      await setFaults({ error: { reason } });
      const error = await rejection(bq.query(home));
      assert.deepEqual([error.code, error.reason], [status, reason]);
    });

  test('times limits how often a fault strikes; the list counts', async () => {
    await setFaults({ error: { reason: 'backendError' }, times: 2 });
    await rejection(bq.query(home));
    await rejection(bq.query(home));
    assert.deepEqual((await bq.query(home))[0], [{ a: 1 }]);
    const { body } = await emulator.call('GET', '/emulator/faults');
    assert.equal(body[0].struck, 2);
    assert.deepEqual([body[0].at, body[0].probability, body[0].times], ['job', 1, 2]);
  });

  test('probability 0 never strikes', async () => {
    await setFaults({ error: { reason: 'backendError' }, probability: 0 });
    assert.deepEqual((await bq.query(home))[0], [{ a: 1 }]);
  });

  test('the first rule that matches strikes', async () => {
    await setFaults(
      { match: { query: 'home-trending' }, error: { reason: 'quotaExceeded' } },
      { error: { reason: 'backendError' } },
    );
    assert.equal((await rejection(bq.query(home))).reason, 'quotaExceeded');
    assert.equal((await rejection(bq.query(other))).reason, 'backendError');
  });

  test('latency makes the job run longer: a short poll sees it incomplete, a long one its rows', async () => {
    await setFaults({ latencyMs: 400 });
    const { body } = await emulator.call('POST', '/projects/my-project/queries', {
      ...home,
      useLegacySql: false,
      timeoutMs: 1,
    });
    assert.equal(body.jobComplete, false);
    const [rows] = await bq.job(body.jobReference.jobId).getQueryResults();
    assert.deepEqual(rows, [{ a: 1 }]);
  });

  test('many slow jobs run side by side and take no room from a quick one', async () => {
    await setFaults({ match: { query: 'home-*' }, latencyMs: 600_000 });
    const slow = await Promise.all(Array.from({ length: 12 }, () => bq.createQueryJob(home)));
    assert.deepEqual((await bq.query(other))[0], [{ a: 1 }]);
    for (const [job] of slow) {
      assert.equal((await job.getMetadata())[0].status.state, 'RUNNING');
      await job.cancel();
    }
  });

  test('a hanging job polls as usual, never completes, and can be cancelled', async () => {
    await setFaults({ hang: true });
    const [job] = await bq.createQueryJob({ ...home, jobId: 'hanging' });
    const path = '/projects/my-project/queries/hanging?timeoutMs=20';
    assert.equal((await emulator.call('GET', path)).body.jobComplete, false);
    await job.cancel();
    assert.equal((await rejection(job.getQueryResults())).reason, 'stopped');
  });

  test('a hanging job ends by its jobTimeoutMs', async () => {
    await setFaults({ hang: true });
    const [job] = await bq.createQueryJob({ ...home, jobTimeoutMs: 200 });
    assert.equal((await rejection(job.getQueryResults())).reason, 'stopped');
  });

  test('a hang at http takes the call and never answers it', async () => {
    await setFaults({ match: { route: 'insert' }, hang: true });
    const leave = new AbortController();
    const answer = fetch(`${emulator.url}/projects/my-project/jobs`, {
      method: 'POST',
      body: JSON.stringify({
        jobReference: { jobId: 'unanswered' },
        configuration: { query: { query: home.query }, labels: home.labels },
      }),
      signal: leave.signal,
    });
    const [rows] = await untilFound('unanswered');
    assert.deepEqual(rows, [{ a: 1 }]);
    leave.abort();
    await assert.rejects(answer);
  });

  async function untilFound(jobId: string) {
    for (;;) {
      try {
        return await bq.job(jobId).getQueryResults();
      } catch (error) {
        if (Object(error).code !== 404) throw error;
      }
    }
  }

  test('an error at http is answered in place of the call', async () => {
    await setFaults({
      at: 'http',
      match: { route: 'insert' },
      error: { status: 429, reason: 'rateLimitExceeded' },
    });
    const error = await rejection(bq.createQueryJob({ ...home, jobId: 'refused' }));
    assert.deepEqual([error.code, error.reason], [429, 'rateLimitExceeded']);
    assert.equal((await rejection(bq.job('refused').getMetadata())).code, 404);
  });

  test('a fault of one route leaves the others alone, and knows a job by its label', async () => {
    await setFaults({
      match: { route: 'results', query: 'home-*' },
      error: { status: 500, reason: 'internalError' },
    });
    const [job] = await bq.createQueryJob(home);
    await job.getMetadata();
    assert.equal((await rejection(job.getQueryResults())).code, 500);
    const [unharmed] = await bq.createQueryJob(other);
    assert.deepEqual((await unharmed.getQueryResults())[0], [{ a: 1 }]);
  });

  test('the cancel call can fail while the job goes on', async () => {
    await setFaults(
      { match: { route: 'cancel' }, error: { reason: 'backendError' } },
      { hang: true },
    );
    const [job] = await bq.createQueryJob(home);
    assert.equal((await rejection(job.cancel())).reason, 'backendError');
    assert.equal((await job.getMetadata())[0].status.state, 'RUNNING');
    await emulator.call('DELETE', '/emulator/faults');
    await job.cancel();
  });

  test('malformed replies: HTML, an empty object, half a body, a cut socket', async () => {
    const ask = async (http: object) => {
      await setFaults({ http });
      return fetch(`${emulator.url}/projects/my-project/queries`, {
        method: 'POST',
        body: JSON.stringify({ ...home, useLegacySql: false }),
      });
    };
    const html = await ask({ htmlOk: true });
    assert.deepEqual([html.status, html.headers.get('content-type')], [200, 'text/html']);
    assert.match(await html.text(), /^<!doctype html>/);
    assert.equal(await (await ask({ emptyOk: true })).text(), '{}');
    const half = await (await ask({ truncated: true })).text();
    assert.match(half, /^\{"kind":"bigquery#queryResponse"/);
    assert.throws(() => JSON.parse(half));
    await assert.rejects(ask({ reset: true }));
  });

  describe('a reply that is wrong in one thing', () => {
    const typed = {
      ...home,
      query: "SELECT 'x' AS text, 7 AS number, CAST(NULL AS INT64) AS nothing",
    };
    const ask = async (http: object) => {
      await setFaults({ http });
      const { body } = await emulator.call('POST', '/projects/my-project/queries', {
        ...typed,
        useLegacySql: false,
      });
      return body;
    };
    const cells = [{ v: 'x' }, { v: '7' }, { v: null }];

    test('lacks its schema, or a cell, or has one too many', async () => {
      const bare = await ask({ noSchema: true });
      assert.deepEqual([bare.schema, bare.rows], [undefined, [{ f: cells }]]);
      assert.deepEqual((await ask({ missingCell: true })).rows, [{ f: cells.slice(0, 2) }]);
      const { rows } = await ask({ extraCell: true });
      assert.deepEqual(rows, [{ f: [...cells, { v: 'one too many' }] }]);
    });

    test('has cells of other types than its schema says', async () => {
      const wordy = (await ask({ wrongCell: true })).rows;
      assert.deepEqual(wordy, [{ f: [{ v: 'x' }, { v: 'wrong' }, { v: null }] }]);
      const nested = (await ask({ wrongText: true })).rows;
      assert.deepEqual(nested, [{ f: [{ v: { text: 'x' } }, { v: '7' }, { v: null }] }]);
    });

    test('is never complete, or never the last page', async () => {
      const { jobComplete, rows } = await ask({ incomplete: true });
      assert.deepEqual([jobComplete, rows], [false, undefined]);
      const endless = await ask({ endless: true });
      const { jobId } = endless.jobReference;
      const next = `/projects/my-project/queries/${jobId}?pageToken=${endless.pageToken}`;
      const again = (await emulator.call('GET', next)).body;
      assert.deepEqual([again.rows, again.pageToken], [endless.rows, endless.pageToken]);
    });

    test('is a job without a status', async () => {
      await setFaults({ match: { route: 'insert' }, http: { noStatus: true } });
      const { status, body } = await emulator.call('POST', '/projects/my-project/jobs', {
        configuration: { query: { query: home.query, useLegacySql: false } },
      });
      assert.deepEqual([status, body.kind, body.status], [200, 'bigquery#job', undefined]);
    });

    test('belongs to the call before it', async () => {
      await setFaults({ match: { route: 'results' }, http: { previous: true } });
      const own: string[] = [];
      const got: string[] = [];
      for (const number of [1, 2, 3]) {
        const [job] = await bq.createQueryJob({ ...home, query: `SELECT ${number} AS a` });
        own.push(job.id ?? '');
        const { body } = await emulator.call('GET', `/projects/my-project/queries/${job.id}`);
        got.push(body.jobReference.jobId);
      }
      assert.deepEqual(got, [own[0], own[0], own[1]]);
    });
  });

  test('an error with status 200 stands inside the reply', async () => {
    await setFaults({ at: 'http', error: { status: 200, reason: 'quotaExceeded' } });
    const insert = bq.createQueryJob({ ...home, jobId: 'told-inside' });
    assert.equal((await rejection(insert)).reason, 'quotaExceeded');
    const { status, body } = await emulator.call('GET', '/projects/my-project/jobs/told-inside');
    assert.deepEqual([status, body.status.errorResult.reason], [200, 'quotaExceeded']);
    assert.equal(body.jobReference.jobId, 'told-inside');
  });

  test('the job list counts what is asked about each job', async () => {
    const [job] = await bq.createQueryJob(home);
    await job.getQueryResults();
    await job.getMetadata();
    await job.cancel();
    await job.cancel();
    const { body } = await emulator.call('GET', '/emulator/jobs');
    const { calls } = body.find(({ jobId }: { jobId: string }) => jobId === job.id);
    assert.deepEqual(calls, { results: 1, get: 1, cancel: 2 });
  });

  test('latency at http delays the answer of a job that is long done', async () => {
    await setFaults({ at: 'http', match: { route: 'results' }, latencyMs: 2000 });
    const [job] = await bq.createQueryJob(home);
    const results = job.getQueryResults();
    const first = await Promise.race([
      results.then(() => 'results'),
      job.getMetadata().then(() => 'metadata'),
    ]);
    assert.equal(first, 'metadata');
    assert.deepEqual((await results)[0], [{ a: 1 }]);
  });

  test('wrong faults are refused with every problem named, and nothing changes', async () => {
    await setFaults({ error: { reason: 'backendError' } });
    const { status, body } = await emulator.call('PUT', '/emulator/faults', [
      { match: { route: 'everything' }, latencyMs: -1 },
      { probability: 2, hang: true },
      { hang: true, error: { reason: 'x' } },
      {},
      { at: 'job', http: { htmlOk: true } },
      { sleep: 5, hang: true },
      { error: { status: 200, reason: 'backendError' } },
    ]);
    assert.equal(status, 400);
    const parts = [
      '0.match.route',
      '0.latencyMs',
      '1.probability',
      '2: has more',
      '3: needs one',
      '4.at',
      'sleep',
      '6.error.status',
    ];
    for (const part of parts)
      assert.ok(body.error.message.includes(part), `${part}: ${body.error.message}`);
    assert.equal((await emulator.call('GET', '/emulator/faults')).body.length, 1);
    assert.equal((await emulator.call('PUT', '/emulator/faults', {})).status, 400);
  });

  test('health answers whatever the faults', async () => {
    await setFaults({ at: 'http', hang: true });
    assert.deepEqual(await emulator.call('GET', '/emulator/health'), {
      status: 200,
      body: { status: 'ok' },
    });
  });
});
