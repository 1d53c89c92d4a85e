import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readAb } from '../../bench/load/ab.ts';
import { readAutocannon } from '../../bench/load/autocannon.ts';
import { expectVolley, type Volley } from '../../bench/load/volley.ts';
import { readWrk, wrkArguments } from '../../bench/load/wrk.ts';

const AB = `
Complete requests:      10000
Failed requests:        2
   (Connect: 0, Receive: 1, Length: 0, Exceptions: 1)
Non-2xx responses:      3
Keep-Alive requests:    10000
Total transferred:      22850000 bytes
Requests per second:    17042.57 [#/sec] (mean)
Time per request:       5.868 [ms] (mean)
`;
const AB_PERCENTILES =
  'Percentage served,Time in ms\n0,0.311\n5,0.400\n50,1.250\n95,2.500\n99,3.750\n';

const AUTOCANNON = JSON.stringify({
  duration: 2,
  latency: { p50: 1, p97_5: 2, p99: 3 },
  requests: { total: 4_000 },
  throughput: { total: 8_000_000 },
  errors: 1,
  timeouts: 2,
  non2xx: 5,
});

const aim = {
  url: 'http://127.0.0.1:1/x',
  headers: { 'accept-encoding': 'gzip' },
  status: 200,
  connections: 4,
  forSeconds: 2,
} as const;

describe('what a load tool says', () => {
  test('wrk’s sums stand in the line that the script adds to its words', () => {
    const line =
      '{"seconds":2.0,"replies":3000,"bytes":6000000,"errors":0,"p50Ms":0.5,"p95Ms":1.5,"p99Ms":2.5}';
    assert.deepEqual(readWrk(`Running 2s test\n  Requests/sec: 1\n${line}\n`), {
      perSecond: 1_500,
      p50Ms: 0.5,
      p95Ms: 1.5,
      p99Ms: 2.5,
      replies: 3_000,
      bytes: 6_000_000,
      errors: 0,
    });
    assert.throws(() => readWrk('Running 2s test'), /wrk told nothing/);
  });

  test('wrk is given one thread, the headers and the script', () => {
    const args = wrkArguments(aim).join(' ');
    assert.match(args, /^-t1 -c4 -d2s .*-H accept-encoding: gzip -s \S+report\.lua http/);
  });

  test('ab’s failures and other statuses are errors, its percentiles those of the file', () => {
    assert.deepEqual(readAb(AB, AB_PERCENTILES, 200), {
      perSecond: 17_042.57,
      p50Ms: 1.25,
      p95Ms: 2.5,
      p99Ms: 3.75,
      replies: 10_000,
      bytes: 22_850_000,
      errors: 5,
    });
    assert.throws(() => readAb('', AB_PERCENTILES, 200), /ab told no "Complete requests"/);
    assert.throws(() => readAb(AB, '', 200), /percentile 50/);
  });

  test('autocannon’s errors, silences and other statuses are errors', () => {
    const volley = readAutocannon(`${AUTOCANNON}\n`, 200);
    assert.equal(volley.perSecond, 2_000);
    assert.equal(volley.errors, 8);
  });

  test('where a 304 is meant, what is none of it is an error', () => {
    assert.equal(readAb(AB.replace(/: +3$/m, ': 10000'), AB_PERCENTILES, 304).errors, 2);
    assert.equal(readAutocannon(AUTOCANNON, 304).errors, 3 + 3_995);
  });
});

describe('judging a volley', () => {
  const like = { status: 200, head: 'x'.repeat(96), body: Buffer.alloc(900) };
  const good: Volley = {
    perSecond: 1_000,
    p50Ms: 1,
    p95Ms: 1,
    p99Ms: 1,
    replies: 2_000,
    bytes: 2_000_000,
    errors: 0,
  };

  test('replies of the expected length pass, and so do those that were under way', () => {
    expectVolley(good, aim, like);
    expectVolley({ ...good, bytes: good.bytes + 4_000 }, aim, like);
  });

  test('shorter replies, errors and silence do not', () => {
    const shorter = { ...good, bytes: 1_800_000 };
    assert.throws(() => expectVolley(shorter, aim, like), /replies of 900 bytes, and not of 1000/);
    assert.throws(() => expectVolley({ ...good, errors: 1 }, aim, like), /1 of 2000/);
    assert.throws(() => expectVolley({ ...good, replies: 0 }, aim, like), /no reply/);
  });
});
