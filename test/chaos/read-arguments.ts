import type { Row } from './row.ts';
import { readSoakArguments, type SoakArguments } from './soak/read-soak-arguments.ts';

/** What the arguments ask for. */
export type Arguments =
  | { readonly kind: 'help' }
  | { readonly kind: 'list' }
  | SoakArguments
  | {
      readonly kind: 'run';
      readonly rows: readonly Row[];
      readonly isQuick: boolean;
      readonly isJson: boolean;
    };

const flags = ['--quick', '--list', '--json', '--help'];

/** Reads the arguments of the chaos command: `W1` stands for all its variants, no name for every row. */
export function readArguments(args: readonly string[], known: readonly Row[]): Arguments {
  if (args.includes('--help')) return { kind: 'help' };
  if (args[0] === 'soak') return readSoakArguments(args.slice(1));
  const names = args.filter((arg) => !arg.startsWith('-')).map((name) => name.toLowerCase());
  const isNamed = ({ id }: Row, name: string) =>
    id.toLowerCase() === name || id.toLowerCase().replace(/[a-z]$/, '') === name;
  const problems = [
    ...args
      .filter((arg) => arg.startsWith('-') && !flags.includes(arg))
      .map((arg) => `Unknown flag ${arg}; there are ${flags.join(', ')}.`),
    ...names
      .filter((name) => !known.some((row) => isNamed(row, name)))
      .map((name) => `Unknown row ${name}; there are ${known.map(({ id }) => id).join(', ')}.`),
  ];
  if (problems.length > 0) return { kind: 'wrong', problems };
  if (args.includes('--list')) return { kind: 'list' };
  const isQuick = args.includes('--quick');
  const rows = known.filter((row) =>
    names.length === 0 ? !isQuick || row.quick : names.some((name) => isNamed(row, name)),
  );
  return { kind: 'run', rows, isQuick, isJson: args.includes('--json') };
}
