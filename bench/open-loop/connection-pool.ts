import { type Connection, openConnection } from '../http/connection.ts';
import { headerOf, type Reply } from '../http/read-reply.ts';

/** Connections to one server: as many as are needed at once, up to a bound. */
export interface ConnectionPool extends Disposable {
  /** Sends a request over a free connection, a new one, or at the bound the first one that becomes free. */
  readonly send: (request: Buffer) => Promise<Reply>;
  /** How many were open at most at the same time. */
  readonly mostOpen: number;
}

/** An empty pool for the server of a URL. */
export function createConnectionPool(origin: string, bound: number): ConnectionPool {
  const idle: Connection[] = [];
  const waiting: PromiseWithResolvers<Connection>[] = [];
  let open = 0;
  let mostOpen = 0;

  async function openOne(): Promise<Connection> {
    open++;
    mostOpen = Math.max(mostOpen, open);
    try {
      return await openConnection(origin);
    } catch (error) {
      lose();
      throw error;
    }
  }
  /** The one that has been idle for longest: a connection that is never used falls silent and is closed. */
  function take(): Promise<Connection> {
    const free = idle.shift();
    if (free !== undefined) return Promise.resolve(free);
    if (open < bound) return openOne();
    const turn = Promise.withResolvers<Connection>();
    waiting.push(turn);
    return turn.promise;
  }
  function giveBack(connection: Connection): void {
    const next = waiting.shift();
    if (next === undefined) idle.push(connection);
    else next.resolve(connection);
  }
  /** Whoever waits for a connection that will not come back gets a new one. */
  function lose(): void {
    open--;
    const next = waiting.shift();
    if (next !== undefined) openOne().then(next.resolve, next.reject);
  }
  function drop(connection: Connection): void {
    connection[Symbol.dispose]();
    lose();
  }
  return {
    async send(request) {
      const connection = await take();
      try {
        const reply = await connection.send(request);
        if (headerOf(reply, 'connection')?.toLowerCase() === 'close') drop(connection);
        else giveBack(connection);
        return reply;
      } catch (error) {
        drop(connection);
        throw error;
      }
    },
    get mostOpen() {
      return mostOpen;
    },
    [Symbol.dispose]() {
      for (const connection of idle) connection[Symbol.dispose]();
    },
  };
}
