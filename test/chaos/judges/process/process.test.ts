import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, describe, test } from 'node:test';
import { until } from '../../../until.ts';
import { startApart } from '../../apart/start-apart.ts';
import type { ProcessAnswers } from './main.ts';

// A supervisor with one child, which takes memory and gives it back when it is told to.
const supervisor = `
import { fork } from 'node:child_process';
const run = () => fork(new URL('./serving.mjs', import.meta.url)).once('exit', () => setTimeout(run, 50));
run();
process.once('disconnect', () => process.exit());
`;
const serving = `
process.once('disconnect', () => process.exit());
setInterval(() => undefined, 1000);
`;
const worker = `
let held = [];
process.on('message', (bytes) => {
  held = bytes > 0 ? [Buffer.alloc(bytes, 1)] : [];
  if (bytes === 0) gc();
  process.send('done');
});
process.once('disconnect', () => process.exit());
`;

describe('the process judge', { skip: process.platform !== 'linux' }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'punctual-judge-'));
  const log = join(folder, 'gateway.log');
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write('supervisor.mjs', supervisor);
  await write('serving.mjs', serving);
  await write('worker.mjs', worker);
  await writeFile(log, 'Error: unhandledRejection before the row\n');
  const start = (name: string) => fork(join(folder, name), { execArgv: ['--expose-gc'] });
  const gateway = start('supervisor.mjs');
  const working = start('worker.mjs');
  const judge = await startApart<ProcessAnswers>(new URL('./main.ts', import.meta.url));
  await judge.ask('watch', {
    supervisor: gateway.pid ?? 0,
    workers: [working.pid ?? 0],
    logs: folder,
  });
  after(async () => {
    for (const child of [gateway, working]) await end(child);
    await judge[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });
  beforeEach(() => judge.ask('forget'));
  const verdict = async (allowed = {}) => {
    const { findings } = await judge.ask('verdict', allowed);
    return findings.map(({ what }) => what).join('\n');
  };
  const hold = async (bytes: number) => {
    working.send(bytes);
    await once(working, 'message');
  };

  test('finds nothing when nothing happens, and nothing in the log from before', async () => {
    assert.equal(await verdict(), '');
  });

  test('finds an end that nobody expected, even when another process has taken the place', async () => {
    const [pid] = await until(async () => nonEmpty(await judge.ask('serving')));
    process.kill(pid ?? 0, 'SIGKILL');
    await until(async () => nonEmpty((await judge.ask('serving')).filter((one) => one !== pid)));
    assert.match(await verdict(), /1 gateway processes ended, 0 expected/);
    assert.equal(await verdict({ gateway: 1 }), '');
  });

  test('finds an unhandled rejection and a bare stack in the logs, and no caught one', async () => {
    const caught = {
      level: 50,
      time: '2026-01-01T00:00:00Z',
      error: 'Error: x\n    at f (a.ts:1:1)',
    };
    await appendFile(log, `${JSON.stringify(caught)}\n`);
    assert.equal(await verdict(), '');
    await appendFile(log, '[UnhandledPromiseRejection: reason]\n    at run (file:///a.ts:10:3)\n');
    const found = await verdict();
    assert.match(found, /UnhandledPromise/);
    assert.match(found, /a\.ts:10:3/);
  });

  test('counts the lines of trouble in a second', async () => {
    const line = (second: number) => `{"level":40,"time":"2026-01-01T00:00:0${second}.1Z"}\n`;
    await appendFile(log, line(1) + line(1) + line(1) + line(2));
    const { mostTroubleLinesPerSecond } = await judge.ask('verdict', {});
    assert.equal(mostTroubleLinesPerSecond, 3);
  });

  test('finds memory that has not come back, and waits for it until then', async () => {
    await hold(0);
    await judge.ask('baseline');
    await hold(120 * 2 ** 20);
    const kept = await judge.ask('settled', 0.1, 0);
    assert.match(kept.findings[0]?.what ?? '', /memory has not come back/);
    const waiting = judge.ask('settled', 0.5, 20_000);
    await hold(0);
    const { findings, peakBytes, baselineBytes } = await waiting;
    assert.deepEqual(findings, []);
    assert.ok(peakBytes > baselineBytes);
  });
});

async function end(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

function nonEmpty<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}
