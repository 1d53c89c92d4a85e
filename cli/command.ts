/** What a command is given: its words, its options by name, and the environment. */
export interface Invocation {
  readonly words: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  /** All values of each option, in their order, where `options` has the last one. */
  readonly repeated?: ReadonlyMap<string, readonly string[]>;
  readonly json: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** What a command comes to: text for people, the same as data for scripts, and its exit code. */
export interface Outcome {
  readonly text: string;
  readonly data: unknown;
  readonly exitCode: number;
}

/** One of the words that may follow `punctual`. */
export interface Command {
  readonly name: string;
  readonly summary: string;
  /** What it says of itself under `--help` beyond its summary. */
  readonly details?: string;
  /** What follows the name, for the help text. */
  readonly usage: string;
  /** The options that it takes by name; undefined lets every name pass, because they are a query's parameters. */
  readonly options: readonly string[] | undefined;
  run(invocation: Invocation): Promise<Outcome>;
}

/** Wrong use of a command or of what it was given: the text says what was expected, exit code 2. */
export class UsageError extends Error {}
