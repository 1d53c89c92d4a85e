/** What is asked of a soak. */
export interface SoakAsked {
  /** Chosen when left out. */
  readonly seed: number | undefined;
  readonly minutes: number;
  /** With patience for a busy machine, and without a report. */
  readonly isQuick: boolean;
}

/** The arguments behind `soak`, or what is wrong with them. */
export type SoakArguments =
  | { readonly kind: 'soak'; readonly soak: SoakAsked }
  | { readonly kind: 'wrong'; readonly problems: readonly string[] };

const usualMinutes = 10;

/** Reads `[--seed=N] [--minutes=10] [--quick]`. */
export function readSoakArguments(args: readonly string[]): SoakArguments {
  const problems: string[] = [];
  let seed: number | undefined;
  let minutes = usualMinutes;
  for (const arg of args) {
    const [, name, text = ''] = /^--(seed|minutes)=(.*)$/.exec(arg) ?? [];
    if (arg === '--quick') continue;
    if (name === 'seed' && /^\d{1,9}$/.test(text)) seed = Number(text);
    else if (name === 'minutes' && isMinutes(text)) minutes = Number(text);
    else
      problems.push(
        `soak takes --seed=<whole number>, --minutes=<0.5 to 600> and --quick, not ${arg}.`,
      );
  }
  if (problems.length > 0) return { kind: 'wrong', problems };
  return { kind: 'soak', soak: { seed, minutes, isQuick: args.includes('--quick') } };
}

function isMinutes(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text) && Number(text) >= 0.5 && Number(text) <= 600;
}
