import {
  type KnownOptions,
  optionProblems,
  toleranceOf,
  toleranceProblems,
  valueOf,
} from './options.ts';
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
  readonly guard: GuardSetting | undefined;
}

/** What a run is held against. */
export interface GuardSetting {
  /** A result file; the committed one when left out. */
  readonly baseline: string | undefined;
  /** How much worse a ratio may be: 0.2 is a fifth. */
  readonly tolerance: number;
}

/** A guess until enough runs are known: ratios vary less than times from run to run and from machine to machine, but they do. */
export const GUARD_TOLERANCE = 0.2;

const OPTIONS: KnownOptions = {
  flags: ['--quick', '--json', '--guard', '--help'],
  valued: {
    '--baseline': '<result.json>',
    '--tolerance': '<share>',
    '--results': '<folder>',
  },
};

/** Reads the arguments of the bench command; no scenario named means all of them, always in their own order. */
export function readArguments(args: readonly string[], known: readonly Scenario[]): Arguments {
  if (args.includes('--help')) return { kind: 'help' };
  const names = args.filter((arg) => !arg.startsWith('-'));
  const problems = [
    ...optionProblems(args, OPTIONS),
    ...toleranceProblems(args),
    ...guardProblems(args),
    ...nameProblems(names, known),
  ];
  if (problems.length > 0) return { kind: 'wrong', problems };
  return {
    kind: 'run',
    scenarios: names.length === 0 ? known : known.filter(({ name }) => names.includes(name)),
    quick: args.includes('--quick'),
    json: args.includes('--json'),
    folder: valueOf(args, '--results'),
    guard: args.includes('--guard') ? guardSetting(args) : undefined,
  };
}

function guardProblems(args: readonly string[]): string[] {
  if (args.includes('--guard')) return [];
  return ['--baseline', '--tolerance']
    .filter((name) => valueOf(args, name) !== undefined)
    .map((name) => `${name} says nothing without --guard.`);
}

function nameProblems(names: readonly string[], known: readonly Scenario[]): string[] {
  const all = known.map(({ name }) => name);
  return names
    .filter((name) => !all.includes(name))
    .map((name) => `Unknown scenario ${name}; there are ${all.join(', ')}.`);
}

function guardSetting(args: readonly string[]): GuardSetting {
  return {
    baseline: valueOf(args, '--baseline'),
    tolerance: toleranceOf(args, GUARD_TOLERANCE),
  };
}
