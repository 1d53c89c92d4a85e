import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

/** Lends connections to one DuckDB instance, at most `size` at a time; whoever comes later waits in line. */
export interface ConnectionPool extends AsyncDisposable {
  /**
   * Runs `work` with a connection of its own. The signal takes a waiting caller out of the line and interrupts a running one;
   * `work` then rejects with DuckDB's interrupt error or the signal's reason. A tainted connection is closed instead of reused.
   */
  use<T>(signal: AbortSignal, work: (loan: Loan) => Promise<T>): Promise<T>;
}

/** A connection on loan. */
export interface Loan {
  readonly connection: DuckDBConnection;
  /** Says that the connection keeps something (a macro, a search path) that the next borrower must not see. */
  taint(): void;
}

/** Makes a pool; every new connection first passes through `prepare`. */
export function createConnectionPool(
  instance: DuckDBInstance,
  size: number,
  prepare: (connection: DuckDBConnection) => Promise<void>,
): ConnectionPool {
  const idle: DuckDBConnection[] = [];
  const line: (() => void)[] = [];
  const lent = new Set<DuckDBConnection>();
  let slots = size;

  async function use<T>(signal: AbortSignal, work: (loan: Loan) => Promise<T>): Promise<T> {
    await takeSlot(signal);
    try {
      return await lend(signal, work);
    } finally {
      freeSlot();
    }
  }

  async function takeSlot(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (slots > 0) {
      slots -= 1;
      return;
    }
    const turn = Promise.withResolvers<void>();
    const leave = () => {
      line.splice(line.indexOf(turn.resolve), 1);
      turn.reject(signal.reason);
    };
    line.push(turn.resolve);
    signal.addEventListener('abort', leave, { once: true });
    await turn.promise.finally(() => signal.removeEventListener('abort', leave));
  }

  function freeSlot(): void {
    const next = line.shift();
    if (next === undefined) slots += 1;
    else next();
  }

  async function lend<T>(signal: AbortSignal, work: (loan: Loan) => Promise<T>): Promise<T> {
    const connection = idle.pop() ?? (await connect());
    lent.add(connection);
    let isTainted = false;
    const interrupt = () => connection.interrupt();
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      signal.throwIfAborted();
      return await work({ connection, taint: () => (isTainted = true) });
    } finally {
      signal.removeEventListener('abort', interrupt);
      lent.delete(connection);
      if (isTainted || signal.aborted) connection.closeSync();
      else idle.push(connection);
    }
  }

  async function connect(): Promise<DuckDBConnection> {
    const connection = await instance.connect();
    await prepare(connection);
    return connection;
  }

  return {
    use,
    async [Symbol.asyncDispose]() {
      for (const connection of lent) connection.interrupt();
      for (const connection of idle.splice(0)) connection.closeSync();
    },
  };
}
