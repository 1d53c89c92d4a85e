import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { BREAKERS_CHANNEL, breakerKey, breakerProbeKey } from '../redis/keys.ts';
import type { BreakerBoard, BreakerNews, ClaimResult } from './breaker-board.ts';

/** News is kept this much longer than an opening lasts: by then who missed it has found out by a probe. */
const KEPT_AFTER_MS = 60_000;

const TELL = readFileSync(new URL('./tell-breaker.lua', import.meta.url), 'utf8');
const CLAIM = readFileSync(new URL('./claim-probe.lua', import.meta.url), 'utf8');
const FREE = readFileSync(new URL('./free-probe.lua', import.meta.url), 'utf8');

/** The two connections of a board to the queue role: one to ask with, one that only listens. */
export interface BoardConnections {
  readonly redis: Redis;
  readonly subscriber: Redis;
  /** Hears that the channel could not be subscribed to, or that what was missed could not be looked up. */
  readonly onError: (error: unknown) => void;
}

/** The board behind Redis. After a reconnect the channel is subscribed to again by itself, and what was said meanwhile is looked up. */
export function createRedisBoard({ redis, subscriber, onError }: BoardConnections): BreakerBoard {
  const channel = listen(subscriber, onError);
  const tell = async (name: string, kind: BreakerNews['kind'], forMs: number, by: string) => {
    const about = [name, kind, forMs, by, forMs + KEPT_AFTER_MS, BREAKERS_CHANNEL];
    return Number(await redis.eval(TELL, 2, breakerKey(name), breakerProbeKey(name), ...about));
  };
  const look: BreakerBoard['look'] = async (name) => {
    const [text, leftMs] = await Promise.all([
      redis.get(breakerKey(name)),
      redis.pttl(breakerProbeKey(name)),
    ]);
    const news = parseNews(text)?.news;
    return news?.kind === 'opened' ? { ...news, forMs: clamp(leftMs, news.forMs) } : news;
  };
  const catchUp = (name: string) => {
    // Not before both can: whichever comes later asks.
    if (redis.status !== 'ready' || subscriber.status !== 'ready') return;
    look(name).then((news) => news && channel.tell(name, news), onError);
  };
  for (const connection of [redis, subscriber])
    connection.on('ready', () => channel.names().forEach(catchUp));
  return {
    opened: (name, forMs, by) => tell(name, 'opened', forMs, by),
    closed: (name, by) => tell(name, 'closed', 0, by),
    async claimProbe(name, { id, forMs, heard }) {
      const keys = [breakerKey(name), breakerProbeKey(name)];
      return claimSchema.parse(await redis.eval(CLAIM, 2, ...keys, id, forMs, heard));
    },
    async freeProbe(name, probeId) {
      await redis.eval(FREE, 1, breakerProbeKey(name), probeId);
    },
    look,
    hear(name, listener) {
      const stop = channel.add(name, listener);
      catchUp(name);
      return stop;
    },
  };
}

/** Whoever has the place may have it for longer than the breaker is open. */
function clamp(leftMs: number, forMs: number): number {
  return Math.max(1, Math.min(leftMs, forMs));
}

function listen(subscriber: Redis, onError: (error: unknown) => void) {
  const listeners = new Map<string, Set<(news: BreakerNews) => void>>();
  const tell = (name: string, news: BreakerNews) => {
    for (const listener of listeners.get(name) ?? []) listener(news);
  };
  subscriber.on('message', (from: string, text: string) => {
    const heard = from === BREAKERS_CHANNEL ? parseNews(text) : undefined;
    if (heard) tell(heard.name, heard.news);
  });
  subscriber.subscribe(BREAKERS_CHANNEL).catch(onError);
  return {
    tell,
    names: () => [...listeners.keys()],
    add(name: string, listener: (news: BreakerNews) => void) {
      const standing = listeners.get(name) ?? new Set();
      listeners.set(name, standing.add(listener));
      return () => {
        standing.delete(listener);
        if (standing.size === 0) listeners.delete(name);
      };
    },
  };
}

const newsSchema = z.object({
  name: z.string(),
  kind: z.enum(['opened', 'closed']),
  order: z.number(),
  forMs: z.number().min(0).max(3_600_000),
  by: z.string(),
});

const claimSchema = z
  .union([
    z.tuple([z.literal('probe'), z.string()]),
    z.tuple([z.literal('busy'), z.string()]),
    z.tuple([z.literal('closed'), z.coerce.number()]),
  ])
  .transform(([kind, detail]): ClaimResult => {
    if (kind === 'busy') return { kind, holder: detail };
    return kind === 'closed' ? { kind, order: detail } : { kind };
  });

/** Reads news from the wire; anything else is undefined. */
function parseNews(text: string | null): { name: string; news: BreakerNews } | undefined {
  try {
    const { name, kind, order, forMs, by } = newsSchema.parse(JSON.parse(text ?? ''));
    return { name, news: kind === 'opened' ? { kind, order, forMs, by } : { kind, order } };
  } catch {
    return undefined;
  }
}
