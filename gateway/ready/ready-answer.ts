import type { Answer } from '../answer/answer.ts';
import type { PartAnswer } from '../answer/answer-parts.ts';
import { dataPieces, type Meta, metaAt } from '../http/envelope.ts';
import {
  entityTag,
  freshnessHeaders,
  freshUntil,
  type JudgedAnswer,
} from '../http/freshness-headers.ts';
import { createHead, type Head } from './head.ts';
import { createReadyBody, type ReadyBody } from './ready-body.ts';

/**
 * An answer that is composed and can leave as often as it is asked for: rows, entity tag and compressed bytes are made
 * once; only what the clock says of it, and each request's own id and times, are written anew.
 */
export interface ReadyAnswer {
  readonly answers: readonly PartAnswer[];
  readonly tag: string;
  readonly body: ReadyBody;
  /** The instant at which the first of its parts stops being fresh. */
  readonly freshUntil: number;
  /** What is said of it at an instant, milliseconds since the epoch. */
  tell(now: number): Told;
}

/** What is said of an answer for as long as no age in whole seconds changes. */
export interface Told {
  /** Has the {@link freshnessHeaders}. */
  readonly head: Head;
  readonly meta: Meta;
}

/** How an answer is composed. */
export interface Composition {
  readonly answers: readonly PartAnswer[];
  /** What tells it apart from other answers with the same rows: its path with its query string. */
  readonly variant: string;
  readonly rowsOnly: boolean;
  readonly nextCursor?: string | undefined;
  /** The body, if it is composed already. */
  readonly body?: ReadyBody;
}

/** Composes an answer. */
export function composeAnswer(composition: Composition): ReadyAnswer {
  const { answers, variant, rowsOnly, nextCursor, body } = composition;
  const named = answers.map(({ part, answer }) => ({ name: part.name, answer }));
  const judged = answers.map(({ part, answer }) => ({ answer, policy: part.query.policy }));
  const tag = entityTag(
    named.map(({ answer }) => answer),
    variant,
  );
  let told: (Told & { readonly from: number; readonly until: number }) | undefined;
  return {
    answers,
    tag,
    body: body ?? createReadyBody(dataPieces(named, rowsOnly)),
    freshUntil: Math.min(...judged.map(freshUntil)),
    tell(now) {
      if (told && now >= told.from && now < told.until) return told;
      told = {
        from: now,
        until: nextChange(judged, now),
        head: createHead(Object.entries(freshnessHeaders(judged, tag, now)).flat()),
        meta: metaAt(named, { now, nextCursor }),
      };
      return told;
    },
  };
}

/** The same answer for those who find it: what one request's flight has brought is fresh for all others. */
export function asFound(answers: readonly PartAnswer[]): readonly PartAnswer[] {
  return answers.map(({ part, answer }) => ({ part, answer: foundAgain(answer) }));
}

function foundAgain(answer: Answer): Answer {
  if (answer.source !== 'live') return answer;
  const { collapsed: _, ...found } = answer;
  return { ...found, source: 'fresh' };
}

/** Ages and times to live change on whole seconds from `asOf` and from the end of freshness. */
function nextChange(judged: readonly JudgedAnswer[], now: number): number {
  const instants = judged.flatMap((one) =>
    one.answer.source === 'none' || one.answer.asOf === undefined
      ? []
      : [one.answer.asOf, freshUntil(one)],
  );
  return Math.min(
    now + 1_000,
    ...instants.map((instant) => now + 1_000 - modulo(now - instant, 1_000)),
  );
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
