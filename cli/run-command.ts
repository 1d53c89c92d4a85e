import { type Command, type Invocation, UsageError } from './command.ts';
import { checkConfig } from './commands/check-config.ts';
import { estimate } from './commands/estimate.ts';
import { diff } from './commands/diff.ts';
import { faults } from './commands/faults.ts';
import { invalidate } from './commands/invalidate.ts';
import { queries } from './commands/queries.ts';
import { run } from './commands/run.ts';
import { switchQuery } from './commands/switch.ts';
import { warm } from './commands/warm.ts';

const COMMANDS: readonly Command[] = [
  checkConfig,
  queries,
  run,
  switchQuery,
  invalidate,
  warm,
  estimate,
  diff,
  faults,
];

/** Runs the command that the arguments name and prints what it comes to; returns the exit code: 0 done, 1 failed, 2 used wrongly. */
export async function runCommand(args: readonly string[], env: Invocation['env']): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || ['--help', '-h', 'help'].includes(name)) {
    console.log(helpText());
    return name === undefined ? 2 : 0;
  }
  const command = COMMANDS.find((one) => one.name === name);
  if (!command) return complain(`There is no command ${name}.\n\n${helpText()}`);
  if (rest.includes('--help')) {
    const details = command.details === undefined ? '' : `\n\n${command.details}`;
    console.log(`punctual ${command.name} ${command.usage}\n\n${command.summary}${details}`);
    return 0;
  }
  try {
    const outcome = await command.run(invocationOf(command, rest, env));
    console.log(rest.includes('--json') ? JSON.stringify(outcome.data, null, 2) : outcome.text);
    return outcome.exitCode;
  } catch (error) {
    if (error instanceof UsageError)
      return complain(`${error.message}\nUsage: punctual ${name} ${command.usage}`);
    if (error instanceof Error && 'problems' in error) return complain(error.message);
    console.error(error instanceof Error ? error.message : String(error));
    return 1;
  }
}

function invocationOf(
  command: Command,
  args: readonly string[],
  env: Invocation['env'],
): Invocation {
  const options = new Map<string, string>();
  const repeated = new Map<string, readonly string[]>();
  const words: string[] = [];
  for (const arg of args) {
    const [, name, value] = /^--([A-Za-z][\w-]*)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === undefined) words.push(arg);
    if (name === undefined || name === 'json') continue;
    options.set(name, value ?? '');
    repeated.set(name, [...(repeated.get(name) ?? []), value ?? '']);
  }
  const unknown = [...options.keys()].filter((name) => command.options?.includes(name) === false);
  if (unknown.length > 0)
    throw new UsageError(
      `Not an option of ${command.name}: ${unknown.map((one) => `--${one}`).join(', ')}`,
    );
  return { words, options, repeated, json: args.includes('--json'), env };
}

function complain(text: string): number {
  console.error(text);
  return 2;
}

function helpText(): string {
  const width = Math.max(...COMMANDS.map((one) => `${one.name} ${one.usage}`.length));
  const lines = COMMANDS.map(
    (one) => `  ${`${one.name} ${one.usage}`.padEnd(width)}  ${one.summary}`,
  );
  return ['Usage: punctual <command> [--json] [--help]', '', ...lines].join('\n');
}
