import type { Scenario } from './scenario.ts';

/** What the command line asks for, or what is wrong with it. */
export type Arguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] }
  | ({ readonly kind: 'run' } & Run);

/** Which scenarios to run, and what becomes of the result. */
export interface Run {
  readonly scenarios: readonly Scenario[];
  readonly quick: boolean;
  /** Print the result as JSON and not as a table. */
  readonly json: boolean;
  /** The folder to keep the result in; the bench's own when left out. */
  readonly folder: string | undefined;
}

const FLAGS = ['--quick', '--json', '--help'];
const FOLDER = '--results=';

/** Reads the arguments of the bench command; no scenario named means all of them, always in their own order. */
export function readArguments(args: readonly string[], known: readonly Scenario[]): Arguments {
  if (args.includes('--help')) return { kind: 'help' };
  const names = args.filter((arg) => !arg.startsWith('-'));
  const problems = [...optionProblems(args), ...nameProblems(names, known)];
  if (problems.length > 0) return { kind: 'wrong', problems };
  return {
    kind: 'run',
    scenarios: names.length === 0 ? known : known.filter(({ name }) => names.includes(name)),
    quick: args.includes('--quick'),
    json: args.includes('--json'),
    folder: args.find((arg) => arg.startsWith(FOLDER))?.slice(FOLDER.length),
  };
}

function optionProblems(args: readonly string[]): string[] {
  const isKnown = (arg: string) =>
    FLAGS.includes(arg) || (arg.startsWith(FOLDER) && arg.length > FOLDER.length);
  return args
    .filter((arg) => arg.startsWith('-') && !isKnown(arg))
    .map((arg) => `Unknown option ${arg}; there are ${FLAGS.join(', ')} and ${FOLDER}<folder>.`);
}

function nameProblems(names: readonly string[], known: readonly Scenario[]): string[] {
  const all = known.map(({ name }) => name);
  return names
    .filter((name) => !all.includes(name))
    .map((name) => `Unknown scenario ${name}; there are ${all.join(', ')}.`);
}
