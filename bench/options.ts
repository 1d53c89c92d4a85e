/** The options that a command knows. */
export interface KnownOptions {
  readonly flags: readonly string[];
  /** Those with a value, as `--results`, by what stands for the value in a message. */
  readonly valued: Readonly<Record<string, string>>;
}

/** A line for each option that the command does not know, or whose value is missing. */
export function optionProblems(args: readonly string[], { flags, valued }: KnownOptions): string[] {
  const isKnown = (arg: string) =>
    flags.includes(arg) || Object.keys(valued).some((name) => hasValue(arg, name));
  const all = [...flags, ...Object.entries(valued).map(([name, value]) => `${name}=${value}`)];
  const listed = `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`;
  return args
    .filter((arg) => arg.startsWith('-') && !isKnown(arg))
    .map((arg) => `Unknown option ${arg}; there are ${listed}.`);
}

/** The value of an option, if it is given. */
export function valueOf(args: readonly string[], name: string): string | undefined {
  return args.find((arg) => hasValue(arg, name))?.slice(name.length + 1);
}

/** What `--tolerance` says, or the standard one when it is left out; NaN when it is no number from 0 to 10. */
export function toleranceOf(args: readonly string[], standard: number): number {
  const text = valueOf(args, '--tolerance');
  if (text === undefined) return standard;
  return /^\d+(\.\d+)?$/.test(text) && Number(text) <= 10 ? Number(text) : Number.NaN;
}

/** A line if the tolerance is no number from 0 to 10. */
export function toleranceProblems(args: readonly string[]): string[] {
  if (!Number.isNaN(toleranceOf(args, 0))) return [];
  const got = valueOf(args, '--tolerance') ?? '';
  return [`--tolerance=${got} is no number from 0 to 10; 0.1 is a tenth.`];
}

function hasValue(arg: string, name: string): boolean {
  return arg.startsWith(`${name}=`) && arg.length > name.length + 1;
}
