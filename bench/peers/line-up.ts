import type { BenchStack } from '../bench-stack.ts';
import { getRequest, openConnection } from '../http/connection.ts';
import { isFreshHit } from '../http/expect-source.ts';
import { headerOf, type Reply } from '../http/read-reply.ts';
import type { Cores } from '../load/cores.ts';
import type { Setting } from '../scenario.ts';
import { startNodePeer } from './node-peer.ts';
import type { PeerSetting } from './peer.ts';
import { peerList } from './peer-list.ts';

/** The answer that everybody in a comparison gives: which one it is at the gateway, and what is asked for. */
export interface Subject {
  /** Path and query string. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: 200 | 304;
}

/** One server of a comparison. */
export interface Contestant {
  readonly name: string;
  readonly url: string;
  /** Whether a reply is the answer that the comparison is about. */
  readonly isMeant: (reply: Reply) => boolean;
  /** To be awaited before each time that it is measured. */
  readonly prepare: () => Promise<void>;
}

/** All servers of a comparison, running; the bare one comes first, ours second. */
export interface LineUp extends AsyncDisposable {
  readonly contestants: readonly Contestant[];
  /** The answer as the bare server gives it. */
  readonly answer: Reply;
  /** Who is missing, and why. */
  readonly missing: readonly string[];
}

/** What everything is compared with. */
export const BARE = 'bare node:http';
/** Ourselves. */
export const OURS = 'Punctual';

/** Starts everybody with the gateway's answer; who is not installed, or gives another answer, is left out and named. */
export async function lineUp(
  bench: BenchStack,
  subject: Subject,
  cores: Cores | undefined,
  { signal, say }: Setting,
): Promise<LineUp> {
  await using cleanup = new AsyncDisposableStack();
  const { path, headers, status } = subject;
  const place = { redisUrl: `${bench.stack.redis.cacheUrl}/1`, cores: cores?.server, signal };
  const startBare = async (asking: Subject['headers']) => {
    const copyOf = { url: `${bench.gateway}${path}`, headers: asking };
    return `${cleanup.use(await startNodePeer('bare', {}, { ...place, copyOf })).origin}${path}`;
  };
  const { 'if-none-match': tag, ...withoutTag } = headers;
  const whole = await startBare(withoutTag);
  // A bare server looks at no header: what others answer with a 304 it has to be given as one.
  const bare = tag === undefined ? whole : await startBare(headers);
  const answer = await ask(bare, headers);
  const isSame = (reply: Reply) => reply.status === status && reply.body.equals(answer.body);
  const plain = { isMeant: isSame, prepare: async () => undefined };
  const contestants: Contestant[] = [
    { name: BARE, url: bare, ...plain },
    gatewayOf(`${bench.gateway}${path}`, subject),
  ];

  const missing: string[] = [];
  const setting: PeerSetting = { ...place, copyOf: { url: whole, headers: withoutTag } };
  for (const peer of peerList) {
    const started = await peer.start(setting);
    if (started === 'absent') {
      missing.push(`${peer.name} (not installed)`);
      continue;
    }
    const contestant = { name: peer.name, url: `${cleanup.use(started).origin}${path}`, ...plain };
    const reply = await ask(contestant.url, headers);
    if (isSame(reply)) contestants.push(contestant);
    else missing.push(`${peer.name} (answers with ${reply.status}, ${reply.body.length} bytes)`);
  }
  say(`${contestants.length} servers are ready`);
  const owned = cleanup.move();
  return { contestants, answer, missing, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** One reply as a keep-alive client gets it. */
export async function ask(url: string, headers: Subject['headers']): Promise<Reply> {
  using connection = await openConnection(url);
  return await connection.send(getRequest(url, headers));
}

/** An answer must not stop being fresh while it is measured. */
const LEAST_FRESH_SECONDS = 30;

function gatewayOf(url: string, { headers, status }: Subject): Contestant {
  return {
    name: OURS,
    url,
    isMeant: (reply) => reply.status === status && isFreshHit(reply),
    async prepare() {
      const reply = await ask(url, headers);
      const left = /; ttl=(-?\d+)/.exec(headerOf(reply, 'cache-status') ?? '')?.[1];
      if (Number(left) >= LEAST_FRESH_SECONDS) return;
      await ask(url, { ...headers, 'cache-control': 'no-cache' });
    },
  };
}
