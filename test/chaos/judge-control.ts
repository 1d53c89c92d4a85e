import { type Finding, finding } from './finding.ts';
import { type Exchange, isGood, percentile, tookMs } from './judges/client/exchange.ts';

/** What the control group is held against. */
export interface ControlMeasure {
  /** How long 99 of 100 hits took when nothing was wrong. */
  readonly baselineMs: number;
  /** The fault strikes the control group, too, and the row says what it claims of it. */
  readonly mayDegrade: boolean;
  /** Whether times are judged. */
  readonly isStrict: boolean;
}

const hitMs = 50;

/** Judges the requests beside the fault (I10): all of them answered well, and nearly as fast as before. */
export function judgeControl(
  control: readonly Exchange[],
  { baselineMs, mayDegrade, isStrict }: ControlMeasure,
): { findings: readonly Finding[]; figures: { controlP99Ms: number } } {
  const p99Ms = percentile(control.filter(isGood).map(tookMs), 0.99);
  const figures = { controlP99Ms: Math.round(p99Ms * 10) / 10 };
  if (mayDegrade) return { findings: [], figures };
  const findings: Finding[] = [];
  const bad = control.filter((exchange) => !isGood(exchange) && exchange.broken === undefined);
  if (control.length === 0) findings.push(finding('I10', 'the control group was never asked'));
  if (bad[0]) {
    const what = `${bad.length} of ${control.length} control answers: ${bad[0].outcome}`;
    findings.push(finding('I10', what));
  }
  const mostMs = Math.max(hitMs, 2 * baselineMs);
  if (isStrict && p99Ms > mostMs)
    findings.push(
      finding('I10', `control p99 ${Math.round(p99Ms)} ms, ${Math.round(mostMs)} ms at most`),
    );
  return { findings, figures };
}
