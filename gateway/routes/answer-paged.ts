import { answerParts, type PartAnswer } from '../answer/answer-parts.ts';
import { followCursor, pageOf, readCursor } from '../answer/page.ts';
import type { Part } from '../answer/part.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { AnswerTimer } from '../http/answer-timer.ts';
import type { Phases } from '../http/phases.ts';
import { Problem } from '../http/problem.ts';
import type { Preferences } from '../http/request-preferences.ts';

/** What belongs to one request while it is answered. */
export interface Underway {
  readonly requestId: string;
  readonly preferences: Preferences;
  readonly timer: AnswerTimer;
  readonly phases: Phases;
  /** Aborts when the caller has left. */
  readonly gone: AbortSignal;
}

/** Which part pages, if any, and which page the caller asks for. */
export interface Paging {
  readonly part: string | undefined;
  readonly limit: number;
  readonly cursor: unknown;
}

/** Answers with the paged part cut to its page, and where the next one begins. */
export interface PagedAnswers {
  readonly answers: readonly PartAnswer[];
  readonly nextCursor?: string | undefined;
}

/** All parts' answers; behind a cursor the paged part is the cursor's snapshot, and no flight of its own is asked for. */
export async function answerPaged(
  context: GatewayContext,
  parts: readonly Part[],
  underway: Underway,
  { part: name, limit, cursor }: Paging,
): Promise<PagedAnswers> {
  const followed = parts.find((part) => part.name === name && typeof cursor === 'string');
  const snapshot = followed && (await follow(context, followed, String(cursor), underway.timer));
  const asked = await answerAll(
    context,
    parts.filter((part) => part !== followed),
    underway,
  );
  const answers = parts.flatMap((part) =>
    snapshot && part === followed
      ? [{ part, answer: snapshot.answer }]
      : asked.filter((one) => one.part === part),
  );
  return cutPage(context, answers, name, snapshot?.offset ?? 0, limit, underway.timer);
}

async function answerAll(
  context: GatewayContext,
  parts: readonly Part[],
  { preferences, timer, phases, requestId, gone }: Underway,
): Promise<readonly PartAnswer[]> {
  if (parts.length === 0) return [];
  const asking = { requestId, preferences, remainingMs: timer.remainingMs, gone, phases };
  const answering = answerParts(context, parts, asking);
  await timer.until(answering.done);
  phases.enter('compose');
  return answering.answers();
}

async function follow(context: GatewayContext, part: Part, text: string, timer: AnswerTimer) {
  const others = part.fallbacks.flatMap((one) => (one.kind === 'entry' ? [one.fingerprint] : []));
  const before = context.previous.fingerprintFor(part);
  const lists = [part.fingerprint, ...(before === undefined ? [] : [before]), ...others];
  const cursor = readCursor(text, lists);
  if (!cursor)
    throw new Problem('invalid-cursor', 'The cursor was made for other parameters, or is none.');
  const followed = await timer.until(followCursor(context, part, cursor));
  const retry = { retryAfterSeconds: 5 };
  switch (followed?.kind) {
    case 'snapshot':
      return { answer: followed.answer, offset: cursor.offset };
    case 'gone':
      throw new Problem('cursor-expired', 'Ask for the list again without a cursor.');
    case 'store-down':
      throw new Problem('store-down', 'The page cannot be read at the moment.', retry);
    case undefined:
      throw new Problem('timeout', 'The page could not be read in time.', retry);
    default:
      return followed satisfies never;
  }
}

async function cutPage(
  context: GatewayContext,
  answers: readonly PartAnswer[],
  name: string | undefined,
  offset: number,
  limit: number,
  timer: AnswerTimer,
): Promise<PagedAnswers> {
  const index = answers.findIndex(({ part }) => part.name === name);
  const whole = answers[index];
  if (!whole) return { answers };
  const page = await timer.until(pageOf(context, whole.answer, offset, limit));
  if (!page) throw new Problem('timeout', 'The page could not be cut in time.');
  return {
    answers: answers.with(index, { part: whole.part, answer: page.answer }),
    nextCursor: page.nextCursor,
  };
}
