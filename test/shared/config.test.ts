import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import { describe, test } from 'node:test';
import { ConfigError, readConfig, settings } from '../../shared/config.ts';

describe('the settings', () => {
  test('have a default for everything', () => {
    assert.deepEqual(readConfig({}), {
      gateway: {
        host: '127.0.0.1',
        port: 8080,
        processes: availableParallelism(),
        answerWithinMs: 18_000,
        entryMemoryBytes: 64_000_000,
        answerMemoryBytes: 32_000_000,
      },
      admin: { host: '127.0.0.1', port: 8081, token: undefined },
      worker: {
        processes: 1,
        host: '127.0.0.1',
        port: 8082,
        threads: 2,
        tableWatchMs: 30_000,
        concurrency: { live: 32, analyst: 8, warm: 4 },
      },
      warm: { isOn: true, leastCallers: 2 },
      redis: { queueUrl: 'redis://127.0.0.1:6379', cacheUrl: 'redis://127.0.0.1:6379' },
      warehouse: {
        projectId: 'punctual',
        location: undefined,
        emulatorUrl: undefined,
        queryTimeoutMs: 15_000,
      },
      catalogFolder: undefined,
      dataFolder: resolve('.data'),
      logLevel: 'info',
    });
  });

  test('that are empty count as left out', () => {
    const empty = Object.fromEntries(Object.keys(settings.shape).map((name) => [name, '']));
    assert.deepEqual(readConfig(empty), readConfig({}));
  });

  test('cannot be changed once they are read', () => {
    const config = readConfig({});
    assert.equal(Object.isFrozen(config), true);
    for (const section of [config.gateway, config.admin, config.redis, config.warehouse])
      assert.equal(Object.isFrozen(section), true);
    assert.equal(Object.isFrozen(config.worker.concurrency), true);
  });

  test('give both roles of Redis the one URL unless a role has its own', () => {
    const both = readConfig({ REDIS_URL: 'redis://a:1' }).redis;
    assert.deepEqual(both, { queueUrl: 'redis://a:1', cacheUrl: 'redis://a:1' });
    const own = readConfig({ REDIS_URL: 'redis://a:1', REDIS_CACHE_URL: 'rediss://b:2' }).redis;
    assert.deepEqual(own, { queueUrl: 'redis://a:1', cacheUrl: 'rediss://b:2' });
  });

  test('take the emulator as host and port or as a URL', () => {
    const urlOf = (text: string) =>
      readConfig({ BIGQUERY_EMULATOR_HOST: text }).warehouse.emulatorUrl;
    assert.equal(urlOf('localhost:9050'), 'http://localhost:9050');
    assert.equal(urlOf('https://emulator.example/'), 'https://emulator.example');
  });

  test('make folders absolute', () => {
    const config = readConfig({ CATALOG_DIR: 'my-catalog', DATA_DIR: 'my-data' });
    assert.ok(isAbsolute(config.dataFolder));
    assert.equal(config.catalogFolder, resolve('my-catalog'));
  });

  test('take port 0 for any free one, and the ends of every range', () => {
    assert.equal(readConfig({ PORT: '0' }).gateway.port, 0);
    assert.equal(readConfig({ PORT: '65535' }).gateway.port, 65_535);
    assert.equal(readConfig({ ENTRY_MEMORY: '1MB' }).gateway.entryMemoryBytes, 1_000_000);
    assert.equal(readConfig({ ENTRY_MEMORY: '64GB' }).gateway.entryMemoryBytes, 64_000_000_000);
    assert.equal(readConfig({ ANSWER_WITHIN: '100ms' }).gateway.answerWithinMs, 100);
    assert.equal(readConfig({ ANSWER_WITHIN: '19s' }).gateway.answerWithinMs, 19_000);
    assert.equal(readConfig({ TABLE_WATCH: '1s' }).worker.tableWatchMs, 1_000);
    assert.equal(readConfig({ TABLE_WATCH: 'off' }).worker.tableWatchMs, undefined);
  });
});

describe('wrong settings', () => {
  test('are named all at once, each with what was expected and what was got', () => {
    const problems = problemsOf({
      PORT: '65536',
      ADMIN_PORT: '-1',
      GATEWAY_PROCESSES: '0',
      WORKERS: 'many',
      WORKER_THREADS: '1.5',
      REDIS_URL: 'http://127.0.0.1',
      REDIS_QUEUE_URL: 'nowhere',
      BIGQUERY_EMULATOR_HOST: 'ftp://127.0.0.1',
      ENTRY_MEMORY: '64',
      ANSWER_MEMORY: '900KB',
      ANSWER_WITHIN: '20s',
      QUERY_TIMEOUT: '15',
      TABLE_WATCH: '999ms',
      LOG_LEVEL: 'loud',
    });
    assert.deepEqual(problems.toSorted(), [
      'ADMIN_PORT: expected a whole number from 0 to 65535, got "-1"',
      'ANSWER_MEMORY: expected a size such as 64MB, from 1MB to 64GB, got "900KB"',
      'ANSWER_WITHIN: expected a duration such as 15s, from 100ms to 19s, got "20s"',
      'BIGQUERY_EMULATOR_HOST: expected host:port or a URL, got "ftp://127.0.0.1"',
      'ENTRY_MEMORY: expected a size such as 64MB, from 1MB to 64GB, got "64"',
      'GATEWAY_PROCESSES: expected a whole number from 1 to 64, got "0"',
      'LOG_LEVEL: expected one of fatal, error, warn, info, debug, trace, silent, got "loud"',
      'PORT: expected a whole number from 0 to 65535, got "65536"',
      'QUERY_TIMEOUT: expected a duration such as 15s, from 100ms to 600s, got "15"',
      'REDIS_QUEUE_URL: expected a URL such as redis://127.0.0.1:6379, got "nowhere"',
      'REDIS_URL: expected a URL such as redis://127.0.0.1:6379, got "http://127.0.0.1"',
      'TABLE_WATCH: expected off or a duration such as 15s, from 1000ms to 30s, got "999ms"',
      'WORKERS: expected a whole number from 1 to 64, got "many"',
      'WORKER_THREADS: expected a whole number from 1 to 64, got "1.5"',
    ]);
  });

  test('do not show a token, whatever is wrong with it', () => {
    for (const token of ['too-short', 'sixteen or more characters with spaces', 'ä'.repeat(16)])
      assert.deepEqual(problemsOf({ ADMIN_TOKEN: token }), [
        'ADMIN_TOKEN: expected 16 to 256 visible ASCII characters, got "…"',
      ]);
    assert.equal(readConfig({ ADMIN_TOKEN: 'x'.repeat(16) }).admin.token, 'x'.repeat(16));
  });

  test('are all in the message, a line each', () => {
    assert.throws(() => readConfig({ PORT: 'x', WORKERS: 'y' }), {
      name: 'ConfigError',
      message: /2 problem\(s\):\n {2}- PORT: .*\n {2}- WORKERS: /,
    });
  });

  test('do not concern variables that are no settings', () => {
    assert.deepEqual(readConfig({ HOME: '/', PATHS: 'x' }), readConfig({}));
  });
});

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
