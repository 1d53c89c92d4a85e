import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { findRedisServer } from '../../../stack/redis/find-server.ts';
import { startPrivateRedis } from '../../../stack/redis/private-redis.ts';
import { until } from '../../until.ts';
import { mixedQuestions, standing } from '../loads/mixed.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, outcomes, slowestMs } from '../tally.ts';

const activeKey = '{punctual}:live:active';
const unreplicatedMs = 2_000;
const readOnlyMs = 2_000;
const lanes = ['gateway-queue', 'worker-queue'] as const;

export default defineRow({
  id: 'D9',
  title: 'A replica of the queue store takes over, and the last seconds are lost',
  injected:
    'a replica is promoted, 2 s of writes go to the old primary alone, which answers READONLY for 2 s more; connections that stay open are not cut, new ones come to the new primary',
  quick: false,
  allows: { controlDegrades: true, warehouse: { jobsPerMark: 12 } },
  async run(chaos) {
    const old = chaos.stack.redis.queue;
    if (old === undefined) throw new Error('the queue store is not ours');
    await using replica = await startReplica(chaos, old.port);
    const { known, all } = mixedQuestions(chaos.run);
    await chaos.seed(known);
    await chaos.faults({ match: { query: 'lasting' }, latencyMs: 1_000 });
    const end = await chaos.begin({ questions: all, arrival: { kind: 'rate', perSecond: 15 } });
    await sleep(1_000);
    await replica.redis.replicaof('NO', 'ONE');
    await sleep(unreplicatedMs);
    const lost = await lostJobs(chaos, replica.redis);
    const command = (...args: [string, ...string[]]) =>
      chaos.store.ask('command', 'queue', ...args);
    await command('REPLICAOF', '127.0.0.1', String(replica.port));
    await sleep(readOnlyMs);
    for (const lane of lanes) await chaos.proxy.ask('aim', lane, `127.0.0.1:${replica.port}`);
    await chaos.faults();
    await chaos.recovery();
    const exchanges = await end();
    const moved = await replica.redis.client('LIST');
    // Back to how the house was built.
    await command('REPLICAOF', 'NO', 'ONE');
    for (const lane of lanes) await chaos.proxy.ask('aim', lane, `127.0.0.1:${old.port}`);
    for (const lane of lanes) await chaos.cut(lane);
    const backed = standing(exchanges, 'backed');
    const given = countBy(backed, 'live', 'fallback');
    const slowest = slowestMs(exchanges);
    chaos.claim('writes were lost', lost > 0, lost);
    chaos.claim('everybody is answered by 18.5 s', slowest <= 18_500, slowest);
    chaos.claim('who has a fallback always gets rows', given === backed.length, outcomes(backed));
    const fresh = standing(exchanges, 'fresh');
    chaos.claim(
      'what is fresh stays fresh',
      countBy(fresh, 'fresh') === fresh.length,
      outcomes(fresh),
    );
    const clients = String(moved).trim().split('\n').length;
    chaos.claim('gateways and workers have moved', clients > 4, clients);
    return {
      lostJobs: lost,
      bare: outcomes(standing(exchanges, 'bare')),
      backed: outcomes(backed),
      slowestMixedMs: slowest,
    };
  },
});

async function startReplica({ stack }: Chaos, port: number) {
  await using started = new AsyncDisposableStack();
  const command = await findRedisServer(process.env['PATH'] ?? '');
  if (command === undefined) throw new Error('no Redis server on the PATH');
  const directory = join(stack.dataFolder, 'redis-replica');
  await mkdir(directory, { recursive: true });
  const server = await startPrivateRedis({
    command,
    role: 'queue',
    directory,
    log: () => undefined,
  });
  started.defer(() => server.stop());
  const redis = new Redis(server.url);
  redis.on('error', () => undefined);
  started.defer(() => redis.disconnect());
  await redis.replicaof('127.0.0.1', port);
  await until(async () => /master_link_status:up/.test(await redis.info('replication')));
  const kept = started.move();
  return { port: server.port, redis, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}

/** Jobs that the old primary has taken and the new one knows nothing of. */
async function lostJobs({ store }: Chaos, replica: Redis): Promise<number> {
  const taken = await store.ask('command', 'queue', 'LRANGE', activeKey, '0', '-1');
  const known = new Set(await replica.lrange(activeKey, 0, -1));
  return (Array.isArray(taken) ? taken : []).filter((id) => !known.has(String(id))).length;
}
