import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { failuresKey, LANDINGS_CHANNEL, landingKey, leaseKey, wantsKey } from '../redis/keys.ts';
import { type Landing, parseLanding } from './landing.ts';

const LANDING_MS = 30_000;
const FAILURES_MS = 60_000;
/** Longer than the longest gap between two looks of one who still waits. */
const WANTS_MS = 30_000;
/** Wants that ended this long ago are of gateways that died: they are removed, whoever's clock is a little off. */
const FORGET_WANTS_MS = 60_000;

const ANNOUNCE = readFileSync(new URL('./announce-landing.lua', import.meta.url), 'utf8');
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
  /** Looks, and says how long the flight is wanted: a flight that nobody wants any more is cancelled. */
  look(fingerprint: string, want?: Want): Promise<Sight>;
}

/** The landings behind one connection to the queue role. */
export function createLandings(redis: Redis): Landings {
  return {
    async announce(landing) {
      const { fingerprint, outcome } = landing;
      const kept = outcome === 'stored' ? { ...landing, entry: undefined } : landing;
      const keys = [landingKey(fingerprint), failuresKey(fingerprint)];
      const facts = [outcome, JSON.stringify(kept), LANDING_MS, FAILURES_MS];
      const telling = [LANDINGS_CHANNEL, JSON.stringify(landing)];
      await redis.eval(ANNOUNCE, keys.length, ...keys, ...facts, ...telling);
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
