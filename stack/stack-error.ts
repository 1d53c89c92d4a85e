/** A reason not to start, told to the user as it stands (no stack trace), with the exit code of the command. */
export class StackError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'StackError';
    this.exitCode = exitCode;
  }
}
