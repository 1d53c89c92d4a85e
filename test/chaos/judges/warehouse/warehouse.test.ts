import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { after, beforeEach, describe, test } from 'node:test';
import { until } from '../../../until.ts';
import { startApart } from '../../apart/start-apart.ts';
import type { WarehouseLimits } from './find-waste.ts';
import type { WarehouseAnswers } from './main.ts';

const limits: WarehouseLimits = { jobsPerMark: 1, runsForMs: 17_000, concurrency: 4 };
const jobId = (mark: string, number = 1) => `punctual_q_${mark.padEnd(12, '0')}_${number}`;

describe('the warehouse judge', async () => {
  let list: object[] = [];
  const server = createServer((_, response) => response.end(JSON.stringify(list)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const judge = await startApart<WarehouseAnswers>(new URL('./main.ts', import.meta.url));
  const { port } = server.address() as { port: number };
  await judge.ask('watch', `http://127.0.0.1:${port}`);
  after(async () => {
    await judge[Symbol.asyncDispose]();
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => judge.ask('forget'));
  const plant = (...jobs: object[]) => void (list = jobs);
  const verdictOn = async (more: Partial<WarehouseLimits> = {}) => {
    const { findings } = await judge.ask('verdict', { ...limits, ...more });
    return findings.map(({ what }) => what).join('\n');
  };

  test('finds nothing in jobs that keep their limits', async () => {
    plant(job(jobId('a1'), 9_000, 8_000), job(jobId('a2'), 9_000, 8_000));
    assert.equal(await verdictOn(), '');
  });

  test('finds two jobs for one question, unless two are allowed', async () => {
    plant(job(jobId('b1', 1), 9_000, 8_000), job(jobId('b1', 2), 7_000, 6_000));
    assert.match(await verdictOn(), /2 jobs of q b1/);
    assert.equal(await verdictOn({ jobsPerMarkOf: { q: 2 } }), '');
  });

  test('finds a job that ran too long', async () => {
    plant(job(jobId('c1'), 30_000, 1_000));
    assert.match(await verdictOn(), /ran for 29000 ms/);
    assert.equal(await verdictOn({ runsForMsOf: { q: 60_000 } }), '');
  });

  test('finds a job that is left running', async () => {
    plant(job(jobId('d1'), 1_000));
    assert.match(await verdictOn(), /still runs/);
  });

  test('finds more jobs at once than the cap, and counts those that follow each other apart', async () => {
    plant(...[1, 2, 3, 4, 5].map((number) => job(jobId(`e${number}`), 9_000, 8_000)));
    assert.match(await verdictOn(), /5 jobs at once/);
    await judge.ask('forget');
    plant(...[1, 2, 3, 4, 5].map((n) => job(jobId(`f${n}`), n * 1_000, (n - 1) * 1_000)));
    assert.equal(await verdictOn(), '');
  });

  test('remembers jobs that the warehouse has forgotten', async () => {
    plant(job(jobId('a9'), 30_000, 1_000));
    await until(async () => (await judge.ask('jobs', 'q')).length === 1);
    plant();
    assert.match(await verdictOn(), /ran for/);
  });
});

function job(jobId: string, createdAgoMs: number, endedAgoMs?: number): object {
  const at = (agoMs: number) => new Date(planting - agoMs).toISOString();
  return {
    jobId,
    query: 'q',
    state: endedAgoMs === undefined ? 'RUNNING' : 'DONE',
    createdAt: at(createdAgoMs),
    startedAt: at(createdAgoMs),
    endedAt: endedAgoMs === undefined ? null : at(endedAgoMs),
    cancelled: false,
  };
}

const planting = Date.now();
