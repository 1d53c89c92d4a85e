import { type KnownOptions, optionProblems, toleranceOf, toleranceProblems } from '../options.ts';

/** What the arguments of the compare command ask for, or what is wrong with them. */
export type CompareArguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] }
  | ({ readonly kind: 'compare' } & CompareSetting);

/** Which results to compare, and how. */
export interface CompareSetting {
  /** Paths of result files. */
  readonly before: string;
  readonly after: string;
  readonly tolerance: number;
  /** Compare ratios to bare node:http only, as the guard does. */
  readonly shares: boolean;
  readonly json: boolean;
}

/** How much worse a number may be on the same machine before it counts. */
export const COMPARE_TOLERANCE = 0.1;

const OPTIONS: KnownOptions = {
  flags: ['--shares', '--json', '--help'],
  valued: { '--tolerance': '<share>' },
};

/** Reads the arguments of the compare command. */
export function readCompareArguments(args: readonly string[]): CompareArguments {
  if (args.includes('--help')) return { kind: 'help' };
  const files = args.filter((arg) => !arg.startsWith('-'));
  const [before, after] = files;
  const problems = [...optionProblems(args, OPTIONS), ...toleranceProblems(args)];
  if (before === undefined || after === undefined || files.length > 2) {
    const wrong = `Two result files are compared, <before.json> <after.json>; ${files.length} were named.`;
    return { kind: 'wrong', problems: [...problems, wrong] };
  }
  if (problems.length > 0) return { kind: 'wrong', problems };
  return {
    kind: 'compare',
    before,
    after,
    tolerance: toleranceOf(args, COMPARE_TOLERANCE),
    shares: args.includes('--shares'),
    json: args.includes('--json'),
  };
}
