import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { settings } from '../../shared/config.ts';
import { redisFlags, type RedisRole } from '../../stack/redis/flags.ts';
import { getFrom } from '../get.ts';
import { withStack } from '../with-stack.ts';

const composeFile = z.object({
  services: z.record(
    z.string(),
    z.object({
      command: z.union([z.array(z.string()), z.string().transform(words)]),
      environment: z.record(z.string(), z.string()).default({}),
      healthcheck: z.object({ test: z.array(z.string()) }),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
      ports: z.array(z.string()).default([]),
      volumes: z.array(z.string()).default([]),
    }),
  ),
  volumes: z.record(z.string(), z.unknown()),
});
const packageFile = z.object({ scripts: z.record(z.string(), z.string()) });

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), 'utf8');
const compose = composeFile.parse(parse(await read('docker-compose.yml'), { merge: true }));
const { scripts } = packageFile.parse(JSON.parse(await read('package.json')));
const ownServices = Object.entries(compose.services).filter(([name]) => !name.startsWith('redis-'));

describe('the compose file', () => {
  test('runs each role by the npm script that runs the same file as the tests do', () => {
    const files = { gateway: 'gateway', worker: 'workers', emulator: 'emulator' };
    assert.deepEqual(ownServices.map(([name]) => name).sort(), Object.keys(files).sort());
    for (const [name, folder] of Object.entries(files)) {
      const [npm, run, script = ''] = compose.services[name]?.command ?? [];
      assert.deepEqual([npm, run], ['npm', 'run']);
      // Settings may stand before it, as they do where a role is started by hand.
      assert.match(scripts[script] ?? '', new RegExp(`^([A-Z_]+=\\S+ )*node ${folder}/main\\.ts$`));
    }
  });

  test('gives each Redis the flags that the private servers have', () => {
    for (const role of ['queue', 'cache'] as const satisfies RedisRole[]) {
      const command = compose.services[`redis-${role}`]?.command;
      assert.deepEqual(command, ['redis-server', ...redisFlags(role)]);
    }
  });

  test('sets only variables that are settings', async () => {
    const emulatorSources = await read('emulator/config.ts');
    for (const [name, { environment }] of ownServices) {
      for (const variable of Object.keys(environment)) {
        const isKnown =
          name === 'emulator' ? emulatorSources.includes(variable) : variable in settings.shape;
        assert.ok(isKnown, `${name}: ${variable}`);
      }
    }
  });

  test('waits only for services that exist and are healthy, and mounts only volumes that exist', () => {
    for (const { depends_on, volumes } of Object.values(compose.services)) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        assert.ok(name in compose.services);
        assert.equal(condition, 'service_healthy');
      }
      for (const volume of volumes) assert.ok((volume.split(':')[0] ?? '') in compose.volumes);
    }
  });

  test('publishes nothing but the gateway beyond the machine', () => {
    const open = Object.entries(compose.services).flatMap(([name, { ports }]) =>
      ports.filter((port) => !port.startsWith('127.0.0.1:')).map((port) => `${name} ${port}`),
    );
    assert.deepEqual(open, ['gateway 8080:8080']);
  });

  test('asks for the health of each role on a route that the running role answers', async () => {
    await using stack = await withStack({ scale: 0 });
    const addresses: Record<string, string | undefined> = {
      gateway: stack.addresses.gateway,
      worker: stack.workers[0]?.ready['worker'],
      emulator: stack.addresses.emulator,
    };
    for (const [name, { healthcheck }] of ownServices) {
      const path = new URL(healthcheck.test.at(-1) ?? '').pathname;
      assert.equal((await getFrom(`${addresses[name]}${path}`)).status, 200, `${name} ${path}`);
    }
  });
});

/** Splits a command as a shell would; the only quoting that the file uses is the empty string. */
function words(command: string): string[] {
  return command.split(' ').map((word) => (word === '""' ? '' : word));
}

describe('the image', () => {
  test('holds every folder that the roles need and lets nothing else near the builder', async () => {
    const dockerfile = await read('deploy/Dockerfile');
    const allowed = (await read('.dockerignore')).match(/^!.+$/gm) ?? [];
    const copied = [...dockerfile.matchAll(/^COPY (.+) \S+$/gm)].flatMap(([, from]) =>
      (from ?? '').split(' '),
    );
    assert.deepEqual(copied.sort(), allowed.map((line) => line.slice(1)).sort());
  });
});
