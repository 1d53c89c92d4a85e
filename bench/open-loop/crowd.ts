/** Virtual users who join one after another and stay to the end. */
export interface Crowd {
  readonly users: number;
  readonly joinPerSecond: number;
  /** The least and the most between two turns of a user. */
  readonly thinkMs: readonly [number, number];
  readonly forMs: number;
}

/** One user's turn to ask, in milliseconds from the beginning; users are numbered from 0. */
export interface Turn {
  readonly user: number;
  readonly dueMs: number;
}

/**
 * All turns of a crowd in the order in which they are due. A user's next turn is due a think time after the last one was
 * due, answered or not: a server that stalls makes nobody wait with his next question, and so hides nothing.
 */
export function turnsOf(
  { users, joinPerSecond, thinkMs: [least, most], forMs }: Crowd,
  random: () => number,
): Turn[] {
  const think = () => least + (most - least) * random();
  const turns: Turn[] = [];
  for (let user = 0; user < users; user++) {
    const joinedMs = (user * 1_000) / joinPerSecond;
    for (let dueMs = joinedMs; dueMs < forMs; dueMs += think()) turns.push({ user, dueMs });
  }
  return turns.toSorted((a, b) => a.dueMs - b.dueMs);
}
