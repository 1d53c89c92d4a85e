import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isPortFree } from '../../stack/port.ts';
import { leftovers } from '../leftovers.ts';
import { until } from '../until.ts';

const withStandIns = fileURLToPath(new URL('fixtures/start.ts', import.meta.url));
const withoutRedis = fileURLToPath(new URL('fixtures/start-without-redis.ts', import.meta.url));
const asShipped = fileURLToPath(new URL('../../stack/main.ts', import.meta.url));

let dataFolder = '';

beforeEach(async () => {
  dataFolder = await mkdtemp(join(tmpdir(), 'punctual-start-'));
});
afterEach(() => rm(dataFolder, { recursive: true, force: true }));

describe('the start command', () => {
  test('prints progress, the addresses and three lines to try', async () => {
    const command = start(withStandIns);
    await command.ready();
    assert.match(command.output(), /\d\.\d s {2}redis-queue is ready\n/);
    assert.match(command.output(), /\d\.\d s {2}worker: reading the catalog\n/);
    assert.match(command.output(), / {2}admin +http:\/\/127\.0\.0\.1:\d+\/metrics\n/);
    assert.equal(
      command.output().match(/^ {2}curl 'http:\/\/127\.0\.0\.1:\d+\/api\/v1\//gm)?.length,
      3,
    );
    assert.doesNotMatch(command.output(), new RegExp(String.fromCodePoint(27)));
    assert.deepEqual(await command.stop('SIGINT'), { code: 0, signal: null });
  });

  test('leaves no process and no port after Ctrl-C and ends with exit code 0', async () => {
    const command = start(withStandIns);
    const gateway = await command.ready();
    assert.deepEqual(await command.stop('SIGINT'), { code: 0, signal: null });
    assert.deepEqual(await leftovers(dataFolder), []);
    assert.equal(await isPortFree(Number(new URL(gateway).port), '127.0.0.1'), true);
    assert.match(command.output(), /stopped\n$/);
  });

  test('ends at once and leaves nothing after a second Ctrl-C', async () => {
    const command = start(withStandIns, [], { STUBBORN: 'yes' });
    await command.ready();
    command.process.kill('SIGINT');
    await until(() => command.output().endsWith('stopping\n'));
    assert.deepEqual(await command.stop('SIGINT'), { code: 0, signal: null });
    assert.deepEqual(await leftovers(dataFolder), []);
  });

  test('leaves nothing when it is stopped in the middle of the start', async () => {
    const command = start(withStandIns);
    await until(() => command.output().includes('is ready'));
    assert.deepEqual(await command.stop('SIGTERM'), { code: 0, signal: null });
    assert.deepEqual(await leftovers(dataFolder), []);
  });

  test('takes roles and Redis with it when it is killed', async () => {
    const command = start(withStandIns);
    await command.ready();
    assert.notDeepEqual(await leftovers(dataFolder), []);
    assert.deepEqual(await command.stop('SIGKILL'), { code: null, signal: 'SIGKILL' });
    await until(async () => (await leftovers(dataFolder)).length === 0, { withinMs: 30_000 });
  });

  test('starts again on the data of a run that was killed', async () => {
    const first = start(withStandIns);
    await first.ready();
    await first.stop('SIGKILL');
    await until(async () => (await leftovers(dataFolder)).length === 0, { withinMs: 30_000 });
    const second = start(withStandIns);
    await second.ready();
    assert.deepEqual(await second.stop('SIGINT'), { code: 0, signal: null });
  });

  test('as shipped starts the real roles, answers, and leaves nothing after Ctrl-C', async () => {
    const command = start(asShipped, [], { EMULATOR_SCALE: '0.01' });
    const gateway = await command.ready();
    const response = await fetch(`${gateway}/api/v1/home/recommendations?limit=4`);
    assert.equal(response.status, 200);
    assert.deepEqual(await command.stop('SIGINT'), { code: 0, signal: null });
    assert.deepEqual(await leftovers(dataFolder), []);
  });

  test('as shipped leaves nothing when it is killed', async () => {
    const command = start(asShipped, [], { EMULATOR_SCALE: '0' });
    await command.ready();
    await command.stop('SIGKILL');
    await until(async () => (await leftovers(dataFolder)).length === 0, { withinMs: 30_000 });
  });

  test('explains itself with --help and refuses other arguments', async () => {
    const help = start(asShipped, ['--help']);
    assert.deepEqual(await help.ended, { code: 0, signal: null });
    assert.match(help.output(), /^Starts the whole of Punctual on this machine/);
    const wrong = start(asShipped, ['--prot', '80']);
    assert.deepEqual(await wrong.ended, { code: 2, signal: null });
    assert.match(wrong.output(), /Unknown argument --prot 80/);
  });

  test('names every wrong setting at once and ends with exit code 2', async () => {
    const command = start(asShipped, [], { PORT: 'http', LOG_LEVEL: 'loud' });
    assert.deepEqual(await command.ended, { code: 2, signal: null });
    assert.match(command.output(), /- PORT: .*got "http"/);
    assert.match(command.output(), /- LOG_LEVEL: .*got "loud"/);
  });

  test('says what to install when there is no Redis', async () => {
    const command = start(withoutRedis);
    assert.deepEqual(await command.ended, { code: 1, signal: null });
    assert.match(command.output(), /No redis-server or valkey-server was found on the PATH\./);
    assert.deepEqual(await leftovers(dataFolder), []);
  });
});

function start(entry: string, args: string[] = [], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [entry, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'],
      PORT: '0',
      ADMIN_PORT: '0',
      EMULATOR_PORT: '0',
      DATA_DIR: dataFolder,
      PUNCTUAL_TEST_STACK: dataFolder,
      ...env,
    },
  });
  const output = collectOutput(child);
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  return {
    process: child,
    output,
    ended,
    ready: () =>
      until(() => /gateway +(http:\S+)\n[^]*Ctrl-C stops/.exec(output())?.[1], {
        withinMs: 60_000,
        what: 'the whole stack is up',
      }),
    stop: (signal: NodeJS.Signals) => {
      child.kill(signal);
      return ended;
    },
  };
}

function collectOutput(child: ChildProcess): () => string {
  let all = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => (all += part));
  }
  return () => all;
}
