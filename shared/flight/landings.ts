import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { failuresKey, LANDINGS_CHANNEL, landingKey, leaseKey, wantsKey } from '../redis/keys.ts';
import {
  type Announcement,
  type Delivery,
  type Landing,
  parseAnnouncement,
  parseLanding,
} from './landing.ts';

const LANDING_MS = 30_000;
const FAILURES_MS = 60_000;
/** Longer than the longest gap between two looks of one who still waits. */
const WANTS_MS = 30_000;
/** Wants that ended this long ago are of gateways that died: they are removed, whoever's clock is a little off. */
const FORGET_WANTS_MS = 60_000;

const LOOK = readFileSync(new URL('./look-at-flight.lua', import.meta.url), 'utf8');

/** What a look at a fingerprint's flight shows. */
export interface Sight {
  /** A flight is in the air. */
  readonly airborne: boolean;
  /** How the last one ended. */
  readonly landing: Landing | undefined;
  /** How many have failed since the last one that stored an entry. */
  readonly failures: number;
}

/** Until when somebody wants a flight (milliseconds since the epoch, 0 for no more), and whose wish that is. */
export interface Want {
  readonly watcher: string;
  readonly until: number;
  readonly now: number;
}

/** Says how flights ended, and looks at them. The announcement is a hint that may get lost; what is written stays. */
export interface Landings {
  announce(landing: Landing): Promise<void>;
  /** Tells those who wait what they wait for, before it is stored. */
  deliver(delivery: Delivery): Promise<void>;
  /** Looks, and says how long the flight is wanted: a flight that nobody wants any more is cancelled. */
  look(fingerprint: string, want?: Want): Promise<Sight>;
}

/** The landings behind one connection to the queue role. */
export function createLandings(redis: Redis): Landings {
  return {
    async announce(landing) {
      const text = JSON.stringify(landing);
      const failures = failuresKey(landing.fingerprint);
      const counted =
        landing.outcome === 'stored'
          ? [redis.del(failures)]
          : [redis.incr(failures), redis.pexpire(failures, FAILURES_MS)];
      await Promise.all([
        redis.set(landingKey(landing.fingerprint), text, 'PX', LANDING_MS),
        ...counted,
        redis.publish(LANDINGS_CHANNEL, text),
      ]);
    },
    async deliver(delivery) {
      await redis.publish(LANDINGS_CHANNEL, JSON.stringify(delivery));
    },
    async look(fingerprint, want) {
      const keys = [leaseKey, landingKey, failuresKey, wantsKey].map((key) => key(fingerprint));
      const wish = want
        ? [want.watcher, want.until, want.now - FORGET_WANTS_MS, WANTS_MS]
        : ['', 0, 0, 0];
      const seen = (await redis.eval(LOOK, keys.length, ...keys, ...wish)) as [
        number,
        string | null,
        string | null,
      ];
      const [airborne, landing, failures] = seen;
      return {
        airborne: airborne === 1,
        landing: parseLanding(landing),
        failures: Number(failures ?? 0),
      };
    },
  };
}

/** Calls back for everything that is announced of flights from now on. */
export async function hearLandings(
  subscriber: Redis,
  onAnnouncement: (announcement: Announcement) => void,
): Promise<void> {
  subscriber.on('message', (channel: string, text: string) => {
    const announcement = channel === LANDINGS_CHANNEL ? parseAnnouncement(text) : undefined;
    if (announcement) onAnnouncement(announcement);
  });
  await subscriber.subscribe(LANDINGS_CHANNEL);
}
