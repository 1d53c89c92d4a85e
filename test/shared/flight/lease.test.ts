import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Redis } from 'ioredis';
import { createLandings } from '../../../shared/flight/landings.ts';
import {
  createLeases,
  LEASE_MS,
  type Leases,
  QUARANTINED_TRIES,
} from '../../../shared/flight/lease.ts';
import { leaseKey, triesKey, wantsKey, warehouseJobKey } from '../../../shared/redis/keys.ts';
import { until } from '../../until.ts';
import { newFingerprint } from '../entry/make-entry.ts';
import { startTestRedis, type TestRedis } from '../with-redis.ts';

const HOUR_MS = 3_600_000;
const JOB = job('job-0');
let redis: TestRedis;
let connection: Redis;
let leases: Leases;

before(async () => {
  redis = await startTestRedis('queue');
  connection = await redis.connect();
  leases = createLeases(connection);
});
after(() => redis[Symbol.asyncDispose]());

describe('a lease', () => {
  test('has one holder, however many ask at once', async () => {
    const print = newFingerprint();
    const others = await Promise.all([redis.connect(), redis.connect()]);
    const asked = [connection, ...others].flatMap((client, process) =>
      [1, 2, 3].map((flight) => createLeases(client).take(print, `${process}-${flight}`, JOB)),
    );
    const taken = await Promise.all(asked);
    assert.equal(taken.filter(Boolean).length, 1);
  });

  test('of one fingerprint says nothing about another', async () => {
    assert.ok(await leases.take(newFingerprint(), 'a', JOB));
    assert.ok(await leases.take(newFingerprint(), 'b', JOB));
  });

  test('is not even given to its own holder twice', async () => {
    const print = newFingerprint();
    assert.ok(await leases.take(print, 'a', JOB));
    assert.equal(await leases.take(print, 'a', JOB), undefined);
  });

  test('is renewed for its holder only', async () => {
    const print = newFingerprint();
    await leases.take(print, 'a', JOB);
    const halfMs = LEASE_MS / 2;
    await connection.pexpire(leaseKey(print), halfMs);
    assert.equal((await leases.renew(print, 'b')).kind, 'lost');
    assert.ok((await connection.pttl(leaseKey(print))) <= halfMs);
    assert.equal((await leases.renew(print, 'a')).kind, 'held');
    assert.ok((await connection.pttl(leaseKey(print))) > halfMs);
    assert.ok((await connection.pttl(leaseKey(print))) <= LEASE_MS);
  });

  test('is freed by its holder only', async () => {
    const print = newFingerprint();
    await leases.take(print, 'a', JOB);
    await leases.release(print, 'b', true, 'proven');
    assert.equal(await leases.take(print, 'b', JOB), undefined);
    await leases.release(print, 'a', true, 'proven');
    assert.ok(await leases.take(print, 'b', JOB));
  });

  test('that is gone can be neither renewed nor taken from its next holder', async () => {
    const print = newFingerprint();
    await leases.take(print, 'dead', JOB);
    await connection.del(leaseKey(print));
    assert.equal((await leases.renew(print, 'dead')).kind, 'lost');
    await leases.take(print, 'next', JOB);
    await leases.release(print, 'dead', true, 'proven');
    assert.equal((await leases.renew(print, 'next')).kind, 'held');
  });

  test('frees itself when nobody renews it', async () => {
    const print = newFingerprint();
    assert.ok(await leases.take(print, 'killed', JOB));
    assert.equal(await leases.take(print, 'next', JOB), undefined);
    await until(() => leases.take(print, 'next', JOB), { what: 'the lease is free' });
    assert.equal((await leases.renew(print, 'killed')).kind, 'lost');
  });
});

describe('the warehouse job of a flight', () => {
  test('is the one that its first holder named', async () => {
    assert.equal((await leases.take(newFingerprint(), 'a', job('job-1')))?.jobId, 'job-1');
  });

  test('outlives its holder, so that the next one finds it', async () => {
    const print = newFingerprint();
    await leases.take(print, 'killed', job('job-1'));
    await connection.del(leaseKey(print));
    assert.equal((await leases.take(print, 'next', job('job-2')))?.jobId, 'job-1');
  });

  test('is not written by somebody who does not get the lease', async () => {
    const print = newFingerprint();
    await leases.take(print, 'a', job('job-1'));
    await connection.del(warehouseJobKey(print));
    assert.equal(await leases.take(print, 'b', job('job-2')), undefined);
    assert.equal(await connection.get(warehouseJobKey(print)), null);
  });

  test('is remembered when the flight frees its lease before the job has settled', async () => {
    const print = newFingerprint();
    await leases.take(print, 'a', job('job-1'));
    await leases.release(print, 'a', false, 'proven');
    assert.equal((await leases.take(print, 'b', job('job-2')))?.jobId, 'job-1');
  });

  test('is forgotten with the lease once it has settled, but not by a foreign holder', async () => {
    const print = newFingerprint();
    await leases.take(print, 'a', job('job-1'));
    await leases.release(print, 'b', true, 'proven');
    assert.equal(await connection.get(warehouseJobKey(print)), 'job-1');
    await leases.release(print, 'a', true, 'proven');
    assert.equal((await leases.take(print, 'b', job('job-2')))?.jobId, 'job-2');
  });

  test('is written down for all who share it', async () => {
    const prints = [newFingerprint(), newFingerprint()];
    await leases.replaceWarehouseJob(prints, job('shared'));
    for (const print of prints)
      assert.equal((await leases.take(print, 'a', job('own')))?.jobId, 'shared');
  });

  test('can be replaced, and is forgotten after its lifetime', async () => {
    const print = newFingerprint();
    await leases.take(print, 'a', job('dead'));
    await leases.replaceWarehouseJob([print], job('job-2'));
    await leases.release(print, 'a', false, 'proven');
    assert.equal((await leases.take(print, 'b', job('job-3')))?.jobId, 'job-2');
    const leftMs = await connection.pttl(warehouseJobKey(print));
    assert.ok(leftMs > 0 && leftMs <= HOUR_MS, `${leftMs}`);
  });
});

describe('the tries of a flight', () => {
  const takeAndDie = async (print: string) => {
    const taken = await leases.take(print, 'dies', JOB);
    await connection.del(leaseKey(print));
    return taken?.tries;
  };

  test('count the holders that have not come back, up to the quarantine', async () => {
    const print = newFingerprint();
    assert.deepEqual(
      [await takeAndDie(print), await takeAndDie(print), await takeAndDie(print)],
      [1, 2, QUARANTINED_TRIES],
    );
    assert.equal(await takeAndDie(print), QUARANTINED_TRIES);
  });

  test('are forgotten once a flight has proven harmless', async () => {
    const print = newFingerprint();
    await takeAndDie(print);
    await leases.take(print, 'a', JOB);
    await leases.release(print, 'a', true, 'proven');
    assert.equal((await leases.take(print, 'b', JOB))?.tries, 1);
  });

  test('do not count a holder that gave his back, even after the lease was lost', async () => {
    const print = newFingerprint();
    await leases.take(print, 'a', JOB);
    await connection.del(leaseKey(print));
    await leases.release(print, 'a', false, 'given-back');
    assert.equal((await leases.take(print, 'b', JOB))?.tries, 1);
    assert.ok((await connection.pttl(triesKey(print))) > 0);
  });

  test('of a guilty flight put it into quarantine at once, and a look at it there does not prolong that', async () => {
    const print = newFingerprint();
    await leases.take(print, 'a', JOB);
    await leases.release(print, 'a', true, 'guilty');
    await connection.pexpire(triesKey(print), 5_000);
    const taken = await leases.take(print, 'b', JOB);
    assert.ok(taken && taken.tries >= QUARANTINED_TRIES);
    await leases.release(print, 'b', false, 'resting');
    const leftMs = await connection.pttl(triesKey(print));
    assert.ok(leftMs > 0 && leftMs <= 5_000, `${leftMs}`);
  });
});

describe('who wants a flight', () => {
  test('is told to whoever takes or renews its lease: the latest wish counts', async () => {
    const print = newFingerprint();
    const landings = createLandings(connection);
    const want = (watcher: string, until: number) =>
      landings.look(print, { watcher, until, now: 1_000 });
    await want('one', 5_000);
    await want('two', 7_000);
    assert.equal((await leases.take(print, 'a', JOB))?.wantedUntil, 7_000);
    await want('two', 0);
    assert.deepEqual(await leases.renew(print, 'a'), { kind: 'held', wantedUntil: 5_000 });
    await want('three', 9_000);
    assert.deepEqual(await leases.renew(print, 'a'), { kind: 'held', wantedUntil: 9_000 });
  });

  test('is nobody once the last has taken his wish back, and unknown where nobody has said', async () => {
    const print = newFingerprint();
    const landings = createLandings(connection);
    assert.equal((await leases.take(print, 'a', JOB))?.wantedUntil, undefined);
    await landings.look(print, { watcher: 'one', until: 5_000, now: 1_000 });
    await landings.look(print, { watcher: 'one', until: 0, now: 1_000 });
    assert.deepEqual(await leases.renew(print, 'a'), { kind: 'held', wantedUntil: 0 });
    assert.ok((await connection.pttl(wantsKey(print))) > 0);
  });

  test('does not include wishes that ended long ago, of gateways that died', async () => {
    const print = newFingerprint();
    const landings = createLandings(connection);
    await landings.look(print, { watcher: 'dead', until: 5_000, now: 1_000 });
    await landings.look(print, { watcher: 'one', until: 105_000, now: 100_000 });
    assert.deepEqual(await connection.zrange(wantsKey(print), '0', '-1'), ['-', 'one']);
  });
});

function job(jobId: string) {
  return { jobId, lifetimeMs: HOUR_MS };
}
