import { randomInt } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { killAll } from '../../../stack/start-stack.ts';
import { listenForStop } from '../../../stack/stop-request.ts';
import { addSoak, readReport, saveReport } from '../report.ts';
import { reportPage } from '../report-page.ts';
import { checkHistory, linesAround } from './check-history.ts';
import type { Line } from './history.ts';
import type { SoakAsked } from './read-soak-arguments.ts';
import { runSoak } from './run-soak.ts';
import { summaryOf, summaryText } from './summary.ts';
import type { Violation } from './violation.ts';

const mostSeed = 1_000_000;
const folder = new URL('../../../.data/soak/', import.meta.url);

/** Runs a soak and checks its history; the exit code is 0, 1 when something was violated, 130 when stopped. */
export async function soakCommand({ seed: given, minutes, isQuick }: SoakAsked): Promise<number> {
  const seed = given ?? randomInt(1, mostSeed);
  const path = fileURLToPath(new URL(`seed-${seed}-${Date.now()}.jsonl`, folder));
  const say = (text: string) => console.error(text);
  const stop = listenForStop(killAll);
  say(`soak of ${minutes} minutes, seed ${seed}, history in ${path}`);
  try {
    const lines = await runSoak({
      seed,
      minutes,
      isStrict: !isQuick,
      path,
      stop: stop.signal,
      say,
    });
    const violations = checkHistory(lines);
    const summary = summaryOf(lines, violations);
    console.log(summaryText(summary).join('\n'));
    if (violations[0]) tell(violations[0], lines);
    if (stop.signal.aborted) return 130;
    if (!isQuick) {
      const report = await addSoak(await readReport(), summary);
      await saveReport(report, reportPage(report));
    }
    return violations.length === 0 ? 0 : 1;
  } finally {
    stop.dispose();
    say(`seed ${seed}: npm run chaos -- soak --seed=${seed} --minutes=${minutes}`);
  }
}

function tell({ invariant, what, at }: Violation, lines: readonly Line[]): void {
  console.log(`\nThe first violation, ${new Date(at).toISOString()}: ${invariant}: ${what}`);
  for (const line of linesAround(lines, at)) console.log(`  ${JSON.stringify(line)}`);
}
