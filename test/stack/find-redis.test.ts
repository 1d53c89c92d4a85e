import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { describe, test } from 'node:test';
import { findRedisServer } from '../../stack/redis/find-server.ts';
import { ensureRedisServer } from '../../stack/redis/install-server.ts';

describe('looking for a Redis server', () => {
  test('takes a valkey-server where there is no redis-server', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'punctual-path-'));
    try {
      const server = join(folder, 'valkey-server');
      await writeFile(server, '#!/bin/sh\n');
      assert.equal(await findRedisServer(folder), undefined);
      await chmod(server, 0o755);
      assert.equal(await findRedisServer(['/nowhere', folder].join(delimiter)), server);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('says in one sentence what to install when nothing is found and nothing may be installed', async () => {
    await assert.rejects(
      ensureRedisServer({ searchPath: '', canInstall: false, say: () => assert.fail('said so') }),
      {
        name: 'StackError',
        exitCode: 1,
        message:
          'No redis-server or valkey-server was found on the PATH. Install Redis 7 (redis-server) or ' +
          'Valkey (valkey-server), or set REDIS_URL to a running one.',
      },
    );
  });
});
