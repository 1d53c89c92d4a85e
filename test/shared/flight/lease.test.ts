import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Redis } from 'ioredis';
import { createLeases, LEASE_MS, type Leases } from '../../../shared/flight/lease.ts';
import { leaseKey, warehouseJobKey } from '../../../shared/redis/keys.ts';
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
    await connection.pexpire(leaseKey(print), 500);
    assert.equal(await leases.renew(print, 'b'), false);
    assert.ok((await connection.pttl(leaseKey(print))) <= 500);
    assert.equal(await leases.renew(print, 'a'), true);
    assert.ok((await connection.pttl(leaseKey(print))) > 500);
    assert.ok((await connection.pttl(leaseKey(print))) <= LEASE_MS);
  });

  test('is freed by its holder only', async () => {
    const print = newFingerprint();
    await leases.take(print, 'a', JOB);
    await leases.release(print, 'b', true);
    assert.equal(await leases.take(print, 'b', JOB), undefined);
    await leases.release(print, 'a', true);
    assert.ok(await leases.take(print, 'b', JOB));
  });

  test('that is gone can be neither renewed nor taken from its next holder', async () => {
    const print = newFingerprint();
    await leases.take(print, 'dead', JOB);
    await connection.del(leaseKey(print));
    assert.equal(await leases.renew(print, 'dead'), false);
    await leases.take(print, 'next', JOB);
    await leases.release(print, 'dead', true);
    assert.equal(await leases.renew(print, 'next'), true);
  });

  test('frees itself when nobody renews it', async () => {
    const print = newFingerprint();
    assert.ok(await leases.take(print, 'killed', JOB));
    assert.equal(await leases.take(print, 'next', JOB), undefined);
    await until(() => leases.take(print, 'next', JOB), { what: 'the lease is free' });
    assert.equal(await leases.renew(print, 'killed'), false);
  });
});

describe('the warehouse job of a flight', () => {
  test('is the one that its first holder named', async () => {
    assert.equal(await leases.take(newFingerprint(), 'a', job('job-1')), 'job-1');
  });

  test('outlives its holder, so that the next one finds it', async () => {
    const print = newFingerprint();
    await leases.take(print, 'killed', job('job-1'));
    await connection.del(leaseKey(print));
    assert.equal(await leases.take(print, 'next', job('job-2')), 'job-1');
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
    await leases.release(print, 'a', false);
    assert.equal(await leases.take(print, 'b', job('job-2')), 'job-1');
  });

  test('is forgotten with the lease once it has settled, but not by a foreign holder', async () => {
    const print = newFingerprint();
    await leases.take(print, 'a', job('job-1'));
    await leases.release(print, 'b', true);
    assert.equal(await connection.get(warehouseJobKey(print)), 'job-1');
    await leases.release(print, 'a', true);
    assert.equal(await leases.take(print, 'b', job('job-2')), 'job-2');
  });

  test('can be replaced, and is forgotten after its lifetime', async () => {
    const print = newFingerprint();
    await leases.take(print, 'a', job('dead'));
    await leases.replaceWarehouseJob(print, job('job-2'));
    await leases.release(print, 'a', false);
    assert.equal(await leases.take(print, 'b', job('job-3')), 'job-2');
    const leftMs = await connection.pttl(warehouseJobKey(print));
    assert.ok(leftMs > 0 && leftMs <= HOUR_MS, `${leftMs}`);
  });
});

function job(jobId: string) {
  return { jobId, lifetimeMs: HOUR_MS };
}
