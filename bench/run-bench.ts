import { killAll } from '../stack/start-stack.ts';
import { listenForStop } from '../stack/stop-request.ts';
import { helpText } from './help-text.ts';
import { readArguments, type Run } from './read-arguments.ts';
import { resultOf, saveResult, type ScenarioResult } from './result.ts';
import type { Scenario, Setting } from './scenario.ts';
import { scenarioList } from './scenario-list.ts';
import { tableOf } from './table.ts';

/** A first run makes the dataset, which takes a minute on a slow machine; a scenario that hangs must not hang the bench. */
const SCENARIO_WITHIN_MS = 15 * 60_000;

/** Runs the bench command; the exit code is 0, 1 when a scenario failed, 2 for wrong arguments, 130 when stopped. A missed figure is no failure. */
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
      return await runAndShow(asked);
    default:
      return asked satisfies never;
  }
}

async function runAndShow({ scenarios, quick, json, folder }: Run): Promise<number> {
  const stop = listenForStop(killAll);
  try {
    const result = await resultOf(quick, () => runAll(scenarios, quick, stop.signal));
    if (stop.signal.aborted) {
      console.error('stopped: nothing is kept');
      return 130;
    }
    const path = await saveResult(result, folder);
    console.log(json ? JSON.stringify(result, null, 2) : tableOf(result));
    console.error(`kept in ${path}`);
    return result.scenarios.some((scenario) => 'failed' in scenario) ? 1 : 0;
  } finally {
    stop.dispose();
  }
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
