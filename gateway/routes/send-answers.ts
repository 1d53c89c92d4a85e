import type { Request, Response } from 'express';
import { ERROR_CODES } from '../../shared/error-codes.ts';
import type { PartAnswer } from '../answer/answer-parts.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { AnswerTimer } from '../http/answer-timer.ts';
import { noteAnswers, routeOf } from '../http/note-requests.ts';
import { noteDue } from '../http/open-answers.ts';
import type { Phases } from '../http/phases.ts';
import { Problem } from '../http/problem.ts';
import { requestIdOf } from '../http/request-id.ts';
import { acceptedEncoding } from '../ready/accepted-encoding.ts';
import { readAsked } from '../ready/asked.ts';
import { leave } from '../ready/leave.ts';
import { asFound, composeAnswer, type ReadyAnswer } from '../ready/ready-answer.ts';

/** Answers to be sent, and how. */
export interface Sending {
  readonly timer: AnswerTimer;
  readonly phases: Phases;
  readonly answers: readonly PartAnswer[];
  readonly rowsOnly: boolean;
  readonly nextCursor: string | undefined;
}

/** Sends answers with the headers that say how fresh they are, and remembers what others may be given too; an error when there is nothing to give. */
export async function sendAnswers(
  context: GatewayContext,
  request: Request,
  response: Response,
  sending: Sending,
): Promise<void> {
  const { timer, phases, answers, rowsOnly, nextCursor } = sending;
  noteAnswers(response, answers);
  noteDue(response, timer.remainingMs());
  refuseWhenEmpty(answers);
  const ready = composeAnswer({ answers, variant: request.originalUrl, rowsOnly, nextCursor });
  const asked = readAsked(request.rawHeaders);
  const encoding = ready.body.encodingFor(acceptedEncoding(asked.acceptEncoding));
  // In time, or not compressed.
  if (!ready.body.has(encoding))
    await timer.until(
      ready.body.make(encoding).catch((error) => context.events.notEncoded(encoding, error)),
    );
  const elapsedMs = timer.elapsedMs();
  leave(response, ready, {
    requestId: requestIdOf(response),
    ifNoneMatch: request.headers['if-none-match'],
    encoding,
    elapsedMs,
    serverTiming: phases.tell(),
    now: context.clock.now(),
  });
  if (request.method === 'GET' && !asked.hasWishes) remember(context, request, ready, sending);
}

/** Keeps what is fresh for everybody. A list that goes on is not kept: its cursor must be new, or it ends too soon. */
function remember(
  { ready: memory }: GatewayContext,
  request: Request,
  { answers, body, freshUntil }: ReadyAnswer,
  { rowsOnly, nextCursor }: Sending,
): void {
  if (nextCursor !== undefined || !Number.isFinite(freshUntil)) return;
  if (!answers.every(({ answer: { source } }) => source === 'fresh' || source === 'live')) return;
  const variant = request.originalUrl;
  const found = composeAnswer({ answers: asFound(answers), variant, rowsOnly, body });
  memory.keep(variant, found, routeOf(request.route));
}

/** With nothing at all to give the answer is an error: that of the first part. */
function refuseWhenEmpty(answers: readonly PartAnswer[]): void {
  const [first] = answers.map(({ answer }) => answer);
  if (first?.source !== 'none') return;
  if (answers.some(({ answer }) => answer.source !== 'none')) return;
  const retry = ERROR_CODES[first.code].retryable ? { retryAfterSeconds: 5 } : {};
  throw new Problem(first.code, first.detail, retry);
}
