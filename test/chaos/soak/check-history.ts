import { findBadAnswers } from './checks/find-bad-answers.ts';
import { findCostlyJobs } from './checks/find-costly-jobs.ts';
import { findGrowth, findLastingHarm } from './checks/find-lasting-harm.ts';
import { findStepsBack } from './checks/find-steps-back.ts';
import { findUncounted } from './checks/find-uncounted.ts';
import type { Line } from './history.ts';
import type { Violation } from './violation.ts';

const checks = [
  findBadAnswers,
  findUncounted,
  findCostlyJobs,
  findStepsBack,
  findLastingHarm,
  findGrowth,
];

/** Everything in a recorded history that must not be, in the order in which it happened. */
export function checkHistory(lines: readonly Line[]): Violation[] {
  return checks.flatMap((check) => check(lines)).toSorted((a, b) => a.at - b.at);
}

/** The lines around an instant, as many before it as after it, in the order of their time. */
export function linesAround(lines: readonly Line[], at: number, count = 20): Line[] {
  const told = lines.filter(({ type }) => type !== 'memory').toSorted((a, b) => a.at - b.at);
  const here = told.findIndex((line) => line.at >= at);
  const from = Math.max(0, (here < 0 ? told.length : here) - count / 2);
  return told.slice(from, from + count);
}
