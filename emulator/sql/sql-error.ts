/** A statement that BigQuery refuses too; the wording is BigQuery's, with a 1-based position when one is known. */
export class SqlSyntaxError extends Error {
  override readonly name = 'SqlSyntaxError';
  readonly line?: number;
  readonly column?: number;

  constructor(message: string, position?: { readonly line: number; readonly column: number }) {
    super(position ? `${message} at [${position.line}:${position.column}]` : message);
    if (position) {
      this.line = position.line;
      this.column = position.column;
    }
  }
}

/** GoogleSQL that BigQuery runs and the emulator does not; `feature` names what is missing. */
export class UnsupportedSql extends Error {
  override readonly name = 'UnsupportedSql';
  readonly feature: string;

  constructor(feature: string) {
    super(`${feature} is not supported by the emulator`);
    this.feature = feature;
  }
}
