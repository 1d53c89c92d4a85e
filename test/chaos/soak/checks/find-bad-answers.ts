import { episodesOf, type Episode } from '../episodes.ts';
import type { Line, RequestLine } from '../history.ts';
import { type Violation, violation } from '../violation.ts';

/** Loads whose every question has rows to fall back on. */
const alwaysGiven = new Set(['backed', 'home']);
const latestMs = 19_000;

/** Answers that are late or missing (I1), misshapen (I2), somebody else's (I3), or not what they say they are (I9). */
export function findBadAnswers(lines: readonly Line[]): Violation[] {
  const kills = episodesOf(lines).filter(({ harm }) => harm.kind === 'gateway-killed');
  return lines
    .filter((line) => line.type === 'request')
    .flatMap((request) => Array.from(faultsOf(request, kills)));
}

function* faultsOf(request: RequestLine, kills: readonly Episode[]): Generator<Violation> {
  yield* timeFaults(request, kills);
  yield* standingFaults(request);
  // What the judge found in the bytes; times are judged above, by what was recorded.
  for (const { invariant, what } of request.faults ?? [])
    if (invariant !== 'I1') yield violation(request.at, invariant, `${what} (${name(request)})`);
}

function* timeFaults(request: RequestLine, kills: readonly Episode[]): Generator<Violation> {
  const { at, broken, lastByteMs, dueMs } = request;
  if (broken === 'left') return;
  if (broken !== undefined) {
    const isLostWithProcess =
      (broken === 'reset' || broken === 'closed') &&
      kills.some(({ from }) => from >= at - 1_000 && from <= at + latestMs);
    if (!isLostWithProcess)
      yield violation(at, 'I1', `${broken} without an answer: ${name(request)}`);
    return;
  }
  const tookMs = lastByteMs ?? Number.POSITIVE_INFINITY;
  if (tookMs > dueMs)
    yield violation(at, 'I1', `${Math.round(tookMs)} ms, due in ${dueMs} ms: ${name(request)}`);
}

/** What a load asks for says which answers it may get. */
function* standingFaults(request: RequestLine): Generator<Violation> {
  const { at, load, broken, status = 0, outcome = '' } = request;
  if (broken !== undefined) return;
  if (alwaysGiven.has(load) && status >= 500)
    yield violation(at, 'I9', `${status} ${outcome} beside a fallback: ${name(request)}`);
  if (load === 'wrong' && (status < 400 || status >= 500))
    yield violation(at, 'I2', `${status} to a wrong request: ${name(request)}`);
  if (load === 'demanding' && status === 200 && outcome !== 'live' && outcome !== 'fresh')
    yield violation(at, 'I9', `${outcome} for max-stale=0: ${name(request)}`);
}

function name({ load, number, path }: RequestLine): string {
  return `${load} ${number} ${path}`;
}
