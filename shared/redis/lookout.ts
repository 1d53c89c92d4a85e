import type { Redis } from 'ioredis';

/** Whom a lookout watches, and who looks. */
export interface LookoutParts {
  /** A connection for requests to the store that is looked at. */
  readonly redis: Redis;
  /** A connection for channels; others may listen on it too. */
  readonly subscriber: Redis;
  readonly channel: string;
  /** How often it looks without a hint. */
  readonly everyMs: number;
  readonly look: () => void;
  /** What the channel has carried. Left out, any message is a hint to look. */
  readonly onMessage?: (text: string) => void;
  /** The store has been away; a look follows. */
  readonly onBack?: () => void;
  readonly onError: (error: unknown) => void;
}

/** Looks again and again at what others may change, and sooner where they say so. */
export interface Lookout {
  /** Looks now, at every hint, whenever a connection comes back, and every so often. */
  start(): void;
  stop(): void;
}

/** A lookout that has not started yet. */
export function createLookout(parts: LookoutParts): Lookout {
  const { redis, subscriber, channel, everyMs, onBack, onError } = parts;
  let timer: NodeJS.Timeout | undefined;
  const look = () => {
    if (timer) parts.look();
  };
  const { onMessage = look } = parts;
  const hear = (heard: string, text: string) => {
    if (heard === channel) onMessage(text);
  };
  const comeBack = () => {
    onBack?.();
    look();
  };
  return {
    start() {
      if (timer) return;
      timer = setInterval(look, everyMs);
      subscriber.on('message', hear);
      // A hint that was given while a connection was away is made up for here.
      subscriber.on('ready', look);
      redis.on('ready', comeBack);
      subscriber.subscribe(channel).then(look, onError);
      if (redis.status === 'ready') look();
    },
    stop() {
      clearInterval(timer);
      timer = undefined;
      subscriber.off('message', hear);
      subscriber.off('ready', look);
      redis.off('ready', comeBack);
    },
  };
}
