import type { Connection } from '../http/connection.ts';
import type { Reply } from '../http/read-reply.ts';

/** A request, and the check that its reply is the one that is being measured. */
export interface Exchange {
  readonly request: Buffer;
  /** Throws when the reply is not what the scenario asks about. */
  readonly check: (reply: Reply) => void;
}

/** Sends the request `count` times over one connection, each after the reply to the last; returns every time in milliseconds. */
export async function askInTurn(
  connection: Connection,
  { request, check }: Exchange,
  count: number,
): Promise<number[]> {
  const times: number[] = [];
  for (let sent = 0; sent < count; sent++) {
    const startedMs = performance.now();
    const reply = await connection.send(request);
    times.push(performance.now() - startedMs);
    check(reply);
  }
  return times;
}

/** Keeps every connection busy for `forMs` and returns replies per second. */
export async function askAtOnce(
  connections: readonly Connection[],
  { request, check }: Exchange,
  forMs: number,
): Promise<number> {
  const startedMs = performance.now();
  let replies = 0;
  await Promise.all(
    connections.map(async (connection) => {
      while (performance.now() - startedMs < forMs) {
        check(await connection.send(request));
        replies++;
      }
    }),
  );
  return (replies * 1_000) / (performance.now() - startedMs);
}
