import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { bounded } from '../bounded.ts';
import { CLASSES } from '../catalog/policy.ts';
import { queueName } from '../queue/flight-queues.ts';
import { QUEUE_COMMAND_MS } from '../redis/connect.ts';
import { WORKERS_KEY, waitingKeys } from '../redis/keys.ts';
import { type PerClass, parseWorkerLoad, perClass, type WorkerLoad } from './worker-load.ts';

/** A worker beats this often. */
export const BEAT_MS = 1_000;
/** A worker that has not beaten for so long is dead to its readers: three beats, so that one or two may come late. */
export const DEAD_MS = 3_000;
/** When the last worker was killed, what it left behind goes away by itself. */
const KEEP_MS = 60_000;

const BEAT = readFileSync(new URL('./beat.lua', import.meta.url), 'utf8');
const READ = readFileSync(new URL('./read-loads.lua', import.meta.url), 'utf8');

/** A worker that has beaten lately, and how long ago by the clock of the queue role. */
export interface LivingWorker {
  readonly id: string;
  readonly ageMs: number;
  readonly load: WorkerLoad;
}

/** What the fleet has to do and with what, at one moment. */
export interface FleetLoad {
  readonly workers: readonly LivingWorker[];
  /** Flights that wait in each class's queue and that no worker has taken. */
  readonly depth: PerClass;
  /** The part of its `maxmemory` that the queue role uses, 0 to 1 and above; undefined when it has no bound or does not tell. */
  readonly memoryShare: number | undefined;
}

/** Says how loaded the workers are, and reads it; every call rejects within half a second when the queue role is away. */
export interface WorkerLoads {
  /** Says that a worker lives, and how loaded it is. */
  beat(id: string, load: WorkerLoad): Promise<void>;
  /** Forgets a worker that ends. */
  leave(id: string): Promise<void>;
  /** Reads everything in one round trip, and forgets the dead. */
  read(): Promise<FleetLoad>;
}

/** The loads behind one connection to the queue role; it must be one for requests, which fails fast. */
export function createWorkerLoads(redis: Redis): WorkerLoads {
  const keys = [WORKERS_KEY, ...CLASSES.flatMap((name) => waitingKeys(queueName(name)))];
  return {
    async beat(id, load) {
      const beating = redis.eval(BEAT, 1, WORKERS_KEY, id, JSON.stringify(load), KEEP_MS);
      await bounded(beating, QUEUE_COMMAND_MS, "a worker's beat");
    },
    async leave(id) {
      await bounded(redis.hdel(WORKERS_KEY, id), QUEUE_COMMAND_MS, "a worker's end");
    },
    async read() {
      const reading = redis.eval(READ, keys.length, ...keys, DEAD_MS);
      return toFleetLoad(replySchema.parse(await bounded(reading, QUEUE_COMMAND_MS, 'the loads')));
    },
  };
}

const replySchema = z.tuple([
  z.array(z.union([z.string(), z.number()])),
  z.tuple([z.number(), z.number(), z.number()]),
  z.string(),
]);

function toFleetLoad([beats, depths, memory]: z.output<typeof replySchema>): FleetLoad {
  return {
    workers: [...livingWorkers(beats)],
    depth: perClass((name) => depths[CLASSES.indexOf(name)] ?? 0),
    memoryShare: memoryShare(memory),
  };
}

/** A worker of another version, whose load cannot be read, counts as none: nothing is known of its places. */
function* livingWorkers(beats: readonly (string | number)[]): Generator<LivingWorker> {
  for (let i = 0; i + 2 < beats.length; i += 3) {
    const load = parseWorkerLoad(String(beats[i + 2]));
    if (load) yield { id: String(beats[i]), ageMs: Number(beats[i + 1]), load };
  }
}

/** From the text of INFO memory, https://redis.io/docs/latest/commands/info/; a `maxmemory` of 0 is none. */
function memoryShare(info: string): number | undefined {
  const used = numberIn(info, /^used_memory:(\d+)/m);
  const most = numberIn(info, /^maxmemory:(\d+)/m);
  return used !== undefined && most ? used / most : undefined;
}

function numberIn(text: string, pattern: RegExp): number | undefined {
  const digits = pattern.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits);
}
