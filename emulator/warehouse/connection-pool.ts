import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** A connection on loan. */
export interface Loan {
  readonly connection: DuckDBConnection;
  /** Says that the connection keeps something (a macro) that the next borrower must not see: it is closed instead of reused. */
  readonly taint: () => void;
}

const interruptEveryMs = 20;

/** Lends connections to one DuckDB instance, at most `size` at a time; whoever comes later waits in line. */
export class ConnectionPool implements AsyncDisposable {
  readonly #instance: DuckDBInstance;
  readonly #idle: DuckDBConnection[] = [];
  readonly #line: (() => void)[] = [];
  #freeSlots: number;

  constructor(instance: DuckDBInstance, size: number) {
    this.#instance = instance;
    this.#freeSlots = size;
  }

  /**
   * Runs `work` with a connection of its own. The signal takes a waiting caller out of the line and interrupts a running one;
   * `work` then rejects with DuckDB's interrupt error or the signal's reason.
   */
  async use<T>(signal: AbortSignal, work: (loan: Loan) => Promise<T>): Promise<T> {
    await this.#takeSlot(signal);
    try {
      return await this.#lend(signal, work);
    } finally {
      this.#passSlotOn();
    }
  }

  /** Closes the idle connections; whoever holds one gives it back first. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const connection of this.#idle.splice(0)) connection.closeSync();
  }

  async #takeSlot(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#freeSlots > 0) {
      this.#freeSlots -= 1;
      return;
    }
    const turn = Promise.withResolvers<void>();
    const leave = () => {
      this.#line.splice(this.#line.indexOf(called), 1);
      turn.reject(signal.reason);
    };
    // The listener goes the moment the turn comes, so that a later abort cannot take someone else out of the line.
    const called = () => {
      signal.removeEventListener('abort', leave);
      turn.resolve();
    };
    this.#line.push(called);
    signal.addEventListener('abort', leave, { once: true });
    await turn.promise;
  }

  #passSlotOn(): void {
    const next = this.#line.shift();
    if (next === undefined) this.#freeSlots += 1;
    else next();
  }

  async #lend<T>(signal: AbortSignal, work: (loan: Loan) => Promise<T>): Promise<T> {
    const connection = this.#idle.pop() ?? (await this.#instance.connect());
    let isTainted = false;
    // An interrupt that falls between two statements of the work hits nothing, so it is repeated until the work ends.
    let repeat: NodeJS.Timeout | undefined;
    const interrupt = () => {
      connection.interrupt();
      repeat = setInterval(() => connection.interrupt(), interruptEveryMs);
    };
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      signal.throwIfAborted();
      return await work({ connection, taint: () => (isTainted = true) });
    } finally {
      signal.removeEventListener('abort', interrupt);
      clearInterval(repeat);
      if (isTainted || signal.aborted) connection.closeSync();
      else this.#idle.push(connection);
    }
  }
}
