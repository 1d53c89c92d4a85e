import type { GatewayContext } from '../gateway-context.ts';
import type { Answer } from './answer.ts';
import { type Asking, answerPart, boundInForce } from './answer-part.ts';
import { bestHeld } from './best-held.ts';
import { lookUp } from './look-up.ts';
import { type Holdings, NOTHING_HELD, type Part } from './part.ts';

/** A part beside its answer. */
export interface PartAnswer {
  readonly part: Part;
  readonly answer: Answer;
}

/** The answers of all parts as far as they have come: it can be asked at any instant, and is complete when `done` resolves. */
export interface Answering {
  readonly done: Promise<void>;
  /** Every part's answer by now: its own, or the best of what is held, because time is up. */
  answers(): readonly PartAnswer[];
}

/** Answers every part at once, each racing the others and all of them the caller's deadline, which the caller keeps. */
export function answerParts(
  context: GatewayContext,
  parts: readonly Part[],
  asking: Asking,
): Answering {
  const answers: (Answer | undefined)[] = parts.map(() => undefined);
  let held: readonly Holdings[] = parts.map(() => NOTHING_HELD);
  const answerAll = async () => {
    asking.phases.enter('redis');
    held = await lookUp(context, parts);
    asking.phases.enter('queue');
    await Promise.all(
      parts.map(async (part, index) => {
        const holdings = held[index] ?? NOTHING_HELD;
        const answer = await answerPart(context, part, holdings, asking);
        answers[index] = answer;
        noteRunway(context, part, answer);
        noteWarmth(context, part, answer, holdings);
      }),
    );
  };
  return {
    done: answerAll(),
    answers: () =>
      parts.map((part, index) => ({
        part,
        answer: answers[index] ?? late(part, held[index] ?? NOTHING_HELD),
      })),
  };

  function late(part: Part, holdings: Holdings): Answer {
    const shortfall = { reason: 'timeout', code: 'timeout', detail: 'the answer was due' } as const;
    const bound = boundInForce(context, part);
    return bestHeld(part, holdings, shortfall, asking.preferences, context.clock.now(), bound);
  }
}

/** An answer is fresh from the entry that was read: what a flight has brought meanwhile is live. */
function noteWarmth(
  { warmHits }: GatewayContext,
  { fingerprint, query }: Part,
  answer: Answer,
  { entry }: Holdings,
) {
  if (answer.source === 'fresh' && entry?.warmed && answer.fingerprint === fingerprint)
    warmHits.note(query.name, fingerprint);
}

/** Of a part's own entries only: a fallback's are another query's. */
function noteRunway({ runway }: GatewayContext, { fingerprint, query }: Part, answer: Answer) {
  if (answer.source === 'none' || answer.fingerprint !== fingerprint) return;
  if (answer.asOf !== undefined) runway.note(query.name, answer.asOf, query.policy);
}
