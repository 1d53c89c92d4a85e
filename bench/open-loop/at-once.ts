import { type Connection, getRequest, openConnection } from '../http/connection.ts';
import { expectStatus } from '../http/expect-source.ts';
import { attempt, type Exchange, judge, requestOf } from './exchange.ts';
import { health, type Question } from './question.ts';

/** Connections that are open and have been used. */
export interface OpenConnections extends Disposable {
  readonly all: readonly Connection[];
}

/** So many at a time fit into a server's queue of connections that it has not taken. */
const OPENED_TOGETHER = 100;

/** Opens many connections, each with an answered question behind it: a server may close one that stays silent at first. */
export async function openMany(origin: string, count: number): Promise<OpenConnections> {
  using opened = new DisposableStack();
  const all: Connection[] = [];
  const request = getRequest(`${origin}${health.path}`);
  const openOne = async () => {
    const connection = opened.use(await openConnection(origin));
    all.push(connection);
    expectStatus(await connection.send(request));
  };
  while (all.length < count) {
    const length = Math.min(OPENED_TOGETHER, count - all.length);
    await Promise.all(Array.from({ length }, openOne));
  }
  const kept = opened.move();
  return { all, [Symbol.dispose]: () => kept.dispose() };
}

/**
 * Asks all questions at the same instant, each over a connection of its own, and times every answer from that instant on.
 * Nobody looks into a reply before the last has come: that would delay those behind it.
 */
export async function askAll(
  origin: string,
  connections: readonly Connection[],
  questions: readonly Question[],
): Promise<readonly Exchange[]> {
  if (connections.length < questions.length) throw new RangeError('too few connections');
  const asked = connections.flatMap((connection, index) => {
    const question = questions[index];
    return question ? [{ connection, question, request: requestOf(origin, question) }] : [];
  });
  const dueMs = performance.now();
  const attempts = await Promise.all(
    asked.map(({ connection, request }) =>
      attempt((bytes) => connection.send(bytes), request, dueMs),
    ),
  );
  return attempts.map((one, index) => judge(questions[index] ?? health, one));
}
