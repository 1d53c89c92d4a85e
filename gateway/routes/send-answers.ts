import type { Request, Response } from 'express';
import { ERROR_CODES } from '../../shared/error-codes.ts';
import type { PartAnswer } from '../answer/answer-parts.ts';
import type { GatewayContext } from '../gateway-context.ts';
import type { AnswerTimer } from '../http/answer-timer.ts';
import { writeEnvelope } from '../http/envelope.ts';
import { freshnessHeaders, matchesTag } from '../http/freshness-headers.ts';
import { noteAnswers } from '../http/note-requests.ts';
import { noteDue } from '../http/open-answers.ts';
import { Problem } from '../http/problem.ts';
import { requestIdOf } from '../http/request-id.ts';

/** Answers ready to leave, and how. */
export interface Leaving {
  readonly timer: AnswerTimer;
  readonly answers: readonly PartAnswer[];
  readonly rowsOnly: boolean;
  readonly nextCursor: string | undefined;
}

/** Sends answers with the headers that say how fresh they are; 304 when the caller has them already, an error when there is nothing to give. */
export function sendAnswers(
  context: GatewayContext,
  request: Request,
  response: Response,
  { timer, answers, rowsOnly, nextCursor }: Leaving,
): void {
  noteAnswers(response, answers);
  noteDue(response, timer.remainingMs());
  refuseWhenEmpty(answers);
  const now = context.clock.now();
  const judged = answers.map(({ part, answer }) => ({ answer, policy: part.query.policy }));
  response.set(freshnessHeaders(judged, request.originalUrl, now));
  response.set('Server-Timing', `total;dur=${timer.elapsedMs().toFixed(1)}`);
  if (matchesTag(request.headers['if-none-match'], String(response.getHeader('ETag')))) {
    response.status(304).end();
    return;
  }
  const named = answers.map(({ part, answer }) => ({ name: part.name, answer }));
  const elapsedMs = timer.elapsedMs();
  const facts = { requestId: requestIdOf(response), elapsedMs, now, rowsOnly, nextCursor };
  const pieces = writeEnvelope(named, facts);
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  response.set('Content-Type', 'application/json; charset=utf-8');
  response.set('Content-Length', String(length)).status(200);
  response.cork();
  for (const piece of pieces) response.write(piece);
  response.end();
}

/** With nothing at all to give the answer is an error: that of the first part. */
function refuseWhenEmpty(answers: readonly PartAnswer[]): void {
  const [first] = answers.map(({ answer }) => answer);
  if (first?.source !== 'none') return;
  if (answers.some(({ answer }) => answer.source !== 'none')) return;
  const retry = ERROR_CODES[first.code].retryable ? { retryAfterSeconds: 5 } : {};
  throw new Problem(first.code, first.detail, retry);
}
