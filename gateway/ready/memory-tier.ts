import type { IncomingMessage, ServerResponse } from 'node:http';
import { bounded } from '../../shared/bounded.ts';
import type { Clock } from '../../shared/clock.ts';
import { tellMemory } from '../http/phases.ts';
import { requestIdFrom } from '../http/request-id.ts';
import { acceptedEncoding, type Encoding } from './accepted-encoding.ts';
import { type Asked, readAsked } from './asked.ts';
import type { Ear } from './ear.ts';
import { leave } from './leave.ts';
import type { Kept, ReadyMemory } from './ready-memory.ts';

/**
 * Answers from memory, before any route has seen the request: the same answers in the same bytes that the routes have given
 * before, for as long as they are fresh. Whatever asks for anything special goes the whole way.
 */
export interface MemoryTier {
  /** Whether it has taken the request on: then it is answered. */
  answer(request: IncomingMessage, response: ServerResponse): boolean;
}

/** What the tier looks at, and whom it tells. */
export interface MemoryTierParts {
  readonly memory: ReadyMemory;
  readonly ear: Pick<Ear, 'hears'>;
  readonly clock: Clock;
  /** A body was not made in an encoding in time, or at all. */
  readonly onNotEncoded: (encoding: Encoding, error: unknown) => void;
  /** An answer was given from memory. */
  readonly onGiven: (kept: Kept, given: Given) => void;
}

/** How an answer was given. */
export interface Given {
  readonly requestId: string;
  readonly status: number;
  readonly tookMs: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** By the monotonic clock. */
  readonly leftAtMs: number;
  /** The connection that asked for it. */
  readonly socket: Pick<IncomingMessage['socket'], 'remoteAddress'>;
}

/** For so long an answer is believed while nothing is heard of newer ones. */
const BELIEVED_MS = 1_000;
/** Longer than a compression may take nobody waits for it who could have the answer as it is. */
const ENCODE_MS = 1_000;

/** The tier over this process's ready answers. */
export function createMemoryTier(parts: MemoryTierParts): MemoryTier {
  const { memory, ear, clock, onNotEncoded, onGiven } = parts;
  const believed = (kept: Kept, nowMs: number) =>
    ear.hears(nowMs) || nowMs - kept.keptAtMs < BELIEVED_MS;
  return {
    answer(request, response) {
      if (request.method !== 'GET') return false;
      const path = request.url ?? '';
      const kept = memory.get(path);
      if (!kept) return false;
      const startedMs = performance.now();
      const now = clock.now();
      if (now >= kept.ready.freshUntil || !believed(kept, startedMs)) return false;
      const asked = readAsked(request.rawHeaders);
      if (asked.hasWishes || asked.hosts !== 1) return false;
      const { body } = kept.ready;
      const encoding = body.encodingFor(acceptedEncoding(asked.acceptEncoding));
      const giving = { request, response, kept, asked, encoding, startedMs };
      if (body.has(encoding)) give(giving, now);
      else
        void bounded(body.make(encoding), ENCODE_MS, 'a compression')
          .then(
            () => memory.weighAgain(path, kept),
            (error: unknown) => onNotEncoded(encoding, error),
          )
          .then(() => give(giving, clock.now()));
      return true;
    },
  };

  function give(
    { request, response, kept, asked, encoding, startedMs }: Giving,
    now: number,
  ): void {
    const { ifNoneMatch } = asked;
    const requestId = requestIdFrom(asked.requestId);
    const leftAtMs = performance.now();
    const elapsedMs = leftAtMs - startedMs;
    const serverTiming = tellMemory(elapsedMs);
    const facts = { requestId, ifNoneMatch, encoding, elapsedMs, serverTiming, now };
    leave(response, kept.ready, facts);
    const status = response.statusCode;
    const { socket } = request;
    onGiven(kept, { requestId, status, tookMs: elapsedMs, now, leftAtMs, socket });
  }
}

interface Giving {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly kept: Kept;
  readonly asked: Asked;
  readonly encoding: Encoding;
  readonly startedMs: number;
}
