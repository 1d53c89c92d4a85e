import type { Redis } from 'ioredis';
import { LANDINGS_CHANNEL, landingKey, leaseKey } from '../redis/keys.ts';
import { type Landing, parseLanding } from './landing.ts';

const LANDING_MS = 30_000;

/** What a look at a fingerprint's flight shows: whether one is in the air, and how the last one ended. */
export interface Sight {
  readonly airborne: boolean;
  readonly landing: Landing | undefined;
}

/** Says how flights ended, and looks at them. The announcement is a hint that may get lost; what is written stays. */
export interface Landings {
  announce(landing: Landing): Promise<void>;
  look(fingerprint: string): Promise<Sight>;
}

/** The landings behind one connection to the queue role. */
export function createLandings(redis: Redis): Landings {
  return {
    async announce(landing) {
      const text = JSON.stringify(landing);
      await Promise.all([
        redis.set(landingKey(landing.fingerprint), text, 'PX', LANDING_MS),
        redis.publish(LANDINGS_CHANNEL, text),
      ]);
    },
    async look(fingerprint) {
      const keys = [leaseKey(fingerprint), landingKey(fingerprint)];
      const [lease, landing] = await redis.mget(keys);
      return { airborne: lease !== null, landing: parseLanding(landing ?? null) };
    },
  };
}

/** Calls `onLanding` for every landing that is announced from now on. */
export async function hearLandings(
  subscriber: Redis,
  onLanding: (landing: Landing) => void,
): Promise<void> {
  subscriber.on('message', (channel: string, text: string) => {
    const landing = channel === LANDINGS_CHANNEL ? parseLanding(text) : undefined;
    if (landing) onLanding(landing);
  });
  await subscriber.subscribe(LANDINGS_CHANNEL);
}
