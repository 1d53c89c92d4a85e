import type { CopyOf } from './copy-of.ts';

/** What we stand beside: a server of others that is given the same answer, in a process of its own. */
export interface Peer {
  readonly name: string;
  /** Starts it with the answer; `absent` where this machine does not have the program. */
  start(setting: PeerSetting): Promise<StartedPeer | 'absent'>;
}

/** What a peer is started with. */
export interface PeerSetting {
  /** A bare server that gives the answer to everybody: what a peer copies, or stands in front of. */
  readonly copyOf: CopyOf;
  /** A Redis server for those that keep answers there. */
  readonly redisUrl: string;
  /** The cores to keep to, as `taskset` takes them; undefined for all. */
  readonly cores: string | undefined;
  readonly signal: AbortSignal;
}

/** A peer that answers. */
export interface StartedPeer extends AsyncDisposable {
  /** Such as `http://127.0.0.1:1234`; it answers at the path of what it copied. */
  readonly origin: string;
}
