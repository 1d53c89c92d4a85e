import { inspect } from 'node:util';

/** A test's error for people: message with its diff, the frames of our own code, and what caused it. */
export function describeFailure(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return describe(cause, 0);
}

const deepestCause = 5;

function describe(error: unknown, depth: number): string {
  if (!(error instanceof Error)) return typeof error === 'string' ? error : inspect(error);
  const text = ownFrames(error.stack ?? String(error));
  if (error.cause === undefined || depth === deepestCause) return text;
  return `${text}\ncaused by ${describe(error.cause, depth + 1)}`;
}

function ownFrames(stack: string): string {
  const lines = stack.split('\n');
  return lines.filter((line) => !/^\s+at .*node:/.test(line)).join('\n');
}
