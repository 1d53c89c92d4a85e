import { killAll } from '../stack/start-stack.ts';
import { listenForStop } from '../stack/stop-request.ts';
import { type Guard, openGuard } from './guard.ts';
import { helpText } from './help-text.ts';
import { readArguments, type Run } from './read-arguments.ts';
import { type Result, resultOf, saveResult, type ScenarioResult } from './result.ts';
import type { Scenario, Setting } from './scenario.ts';
import { scenarioList } from './scenario-list.ts';
import { tableOf } from './table.ts';

/** A first run makes the dataset, which takes a minute on a slow machine; a scenario that hangs must not hang the bench. */
const SCENARIO_WITHIN_MS = 15 * 60_000;

/** Runs the bench command; the exit code is 0, 1 when a scenario failed or the guard does not hold, 2 for wrong arguments, 130 when stopped. A missed figure is no failure. */
export async function runBench(args: readonly string[]): Promise<number> {
  const asked = readArguments(args, scenarioList);
  switch (asked.kind) {
    case 'help':
      console.log(helpText(scenarioList));
      return 0;
    case 'wrong':
      for (const problem of asked.problems) console.error(problem);
      return 2;
    case 'run':
      return await runGuarded(asked);
    default:
      return asked satisfies never;
  }
}

/** A guard that cannot judge is told before minutes are spent on measuring. */
async function runGuarded(run: Run): Promise<number> {
  if (run.guard === undefined) return await runAndShow(run);
  const opened = await openGuard(run.guard, run);
  if (opened.kind === 'open') return await runAndShow(run, opened.guard);
  console.error(opened.problem);
  return 2;
}

async function runAndShow(run: Run, guard?: Guard): Promise<number> {
  const stop = listenForStop(killAll);
  try {
    const result = await resultOf(run.quick, () => runAll(run.scenarios, run.quick, stop.signal));
    if (stop.signal.aborted) {
      console.error('stopped: nothing is kept');
      return 130;
    }
    const path = await saveResult(result, run.folder);
    console.log(run.json ? JSON.stringify(result, null, 2) : tableOf(result));
    console.error(`kept in ${path}, with its chart beside it`);
    const holds = guard === undefined || showJudgement(guard, result, run.json);
    return holds && !result.scenarios.some((scenario) => 'failed' in scenario) ? 0 : 1;
  } finally {
    stop.dispose();
  }
}

/** Beside the table, or where it does not spoil the JSON. */
function showJudgement(guard: Guard, result: Result, json: boolean): boolean {
  const { holds, text } = guard.judge(result);
  if (json) console.error(text);
  else console.log(`\n${text}`);
  return holds;
}

async function runAll(
  scenarios: readonly Scenario[],
  quick: boolean,
  stop: AbortSignal,
): Promise<ScenarioResult[]> {
  const results: ScenarioResult[] = [];
  for (const scenario of scenarios) {
    if (stop.aborted) break;
    const say = (text: string) => console.error(`${scenario.name}: ${text}`);
    const signal = AbortSignal.any([stop, AbortSignal.timeout(SCENARIO_WITHIN_MS)]);
    results.push(await runOne(scenario, { quick, signal, say }));
  }
  return results;
}

async function runOne(scenario: Scenario, setting: Setting): Promise<ScenarioResult> {
  const { name, question } = scenario;
  try {
    return { name, question, ...(await scenario.run(setting)) };
  } catch (error) {
    const failed = error instanceof Error ? error.message : String(error);
    setting.say(`failed: ${failed}`);
    return { name, question, failed };
  }
}
