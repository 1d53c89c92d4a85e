import { until } from '../until.ts';
import type { House } from './house.ts';
import { ask, type QueryName } from './question.ts';

const queries: readonly QueryName[] = ['plain', 'backed', 'lasting', 'control'];
let rounds = 0;

/** Ends every fault: of the warehouse, of the lanes, of stores and processes that are frozen or gone. */
export async function heal({ stack, proxy, watchProcesses }: House): Promise<void> {
  await proxy.ask('heal');
  const { queue, cache } = stack.redis;
  for (const store of [queue, cache]) {
    store?.thaw();
    if (store?.isRunning() === false) await store.restart();
  }
  const { emulator, gateway, workers } = stack;
  for (const role of [emulator, gateway, ...workers]) {
    role?.thaw();
    if (role?.isRunning() === false) await role.restart();
  }
  await stack.faults([]);
  await watchProcesses();
}

/** Waits until every query is answered live from every side, breakers and all. */
export async function untilWell({ stack }: House, withinMs: number): Promise<void> {
  await until(
    async () => {
      rounds += 1;
      const questions = queries.flatMap((query) =>
        [1, 2, 3, 4].map((number) => ask(query, `well-${process.pid}-${rounds}-${number}`)),
      );
      const answers = await Promise.all(
        questions.map(({ path }) => stack.get(path, { connection: 'close' })),
      );
      return answers.every(({ body }) => body?.meta?.source === 'live');
    },
    { withinMs, everyMs: 500, what: 'every query is answered live' },
  );
}

/** Waits until no flight is in the air, no job waits, and the warehouse runs nothing; returns what is left after that time. */
export async function untilQuiet({ store, warehouse }: House, withinMs: number) {
  const left = async () => {
    const jobs = await warehouse.ask('jobs');
    const running = jobs.filter(({ endedAt }) => endedAt === undefined);
    return { leavings: await store.ask('leavings'), running };
  };
  const isQuiet = async () => {
    const { leavings, running } = await left();
    return leavings.length + running.length === 0;
  };
  await until(isQuiet, { withinMs, everyMs: 250 }).catch(() => undefined);
  return (await left()).leavings;
}
