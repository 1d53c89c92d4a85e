import type { Queue } from 'bullmq';
import { bounded } from '../../shared/bounded.ts';
import { tellWarmable } from '../../shared/warm/warmable.ts';
import { WARMING_JOB_OPTIONS, type WarmingJob } from '../../shared/warm/warming-queue.ts';
import type { WorkerContext } from '../worker-context.ts';

/** Sees to it that every query which is to be warmed has a schedule in the queue, and no other one. */
export interface Schedules {
  /** Looks now, whenever Redis comes back, and every minute: what Redis has lost stands there again. */
  start(): void;
  stop(): void;
  /** Looks once. Never rejects. */
  tick(): Promise<void>;
}

const LOOK_EVERY_MS = 60_000;
/** For all schedules together. */
const KEEP_MS = 10_000;
const MOST_SCHEDULES = 1_000;

/** The schedules of a worker's catalog; without any when the settings say that nothing is warmed by itself. */
export function keepSchedules(
  { catalog, config, redis, events }: WorkerContext,
  queue: Queue,
): Schedules {
  const warmed = new Map(
    [...catalog.queries.values()].flatMap(({ name, warm }) =>
      warm && config.warm.isOn ? [[name, warm] as const] : [],
    ),
  );
  let timer: NodeJS.Timeout | undefined;
  let isTidy = false;

  /** At the start only: later it would undo what workers with a newer catalog have scheduled. */
  async function removeOthers(): Promise<void> {
    const standing = await queue.getJobSchedulers(0, MOST_SCHEDULES);
    const others = standing.filter(({ key }) => !warmed.has(key));
    await Promise.all(others.map(({ key }) => queue.removeJobScheduler(key)));
  }
  async function keep(): Promise<void> {
    if (!isTidy) await removeOthers();
    await tellWarmable(redis.queue, catalog, { inPlaceOfAll: !isTidy });
    isTidy = true;
    for (const [query, { everyMs }] of warmed) {
      const data: WarmingJob = { query, by: 'schedule' };
      const job = { name: query, data, opts: WARMING_JOB_OPTIONS };
      await queue.upsertJobScheduler(query, { every: everyMs }, job);
    }
  }
  async function tick(): Promise<void> {
    await bounded(keep(), KEEP_MS, 'the schedules of warming').catch((error: unknown) =>
      events.redisError('queue', error),
    );
  }
  const look = () => {
    if (redis.queue.status === 'ready') void tick();
  };
  return {
    tick,
    start() {
      timer = setInterval(look, LOOK_EVERY_MS);
      redis.queue.on('ready', look);
      look();
    },
    stop() {
      clearInterval(timer);
      redis.queue.off('ready', look);
    },
  };
}
