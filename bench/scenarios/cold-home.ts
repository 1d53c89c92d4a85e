// How long does somebody wait for a home page that nobody has asked for before?
//
// Three queries, each for a user and a page size never asked before, so that all three parts are computed live. Beside it,
// in the same rounds with the same parameters, the official client asks the emulator the same three queries one after
// the other (the slowest of them is what a perfect fan-out could reach) and all three at once (what the fan-out costs the
// warehouse itself on this machine).
import { readFile } from 'node:fs/promises';
import { type BenchStack, startBenchStack } from '../bench-stack.ts';
import { getRequest, openConnection } from '../http/connection.ts';
import { expectSource } from '../http/expect-source.ts';
import { measureOf, median } from '../measure/measure.ts';
import { interleave } from '../measure/rounds.ts';
import { timed } from '../measure/timed.ts';
import { createOfficialClient, type Statement } from '../peers/official-client.ts';
import type { Finding, Scenario, Setting } from '../scenario.ts';

/** The cold home page against its queries asked by hand. */
export const coldHome: Scenario = {
  name: 'cold-home',
  question: 'How long does a home page take that nobody has asked for before?',
  async run(setting) {
    await using bench = await startBenchStack(setting);
    return findingOf(await measure(bench, setting));
  },
};

const queries = ['home-recommended', 'home-trending', 'home-new-in-favourites'] as const;

/** The page's trending part depends on the limit alone, of which there are 50: more rounds would find it cached. */
const ROUNDS = 40;
const WARM_UP_ROUNDS = 4;
const QUICK_ROUNDS = 3;

interface Times {
  readonly page: number[];
  /** One list for each query. */
  readonly alone: readonly number[][];
  readonly atOnce: number[];
}

async function measure({ gateway, emulator }: BenchStack, setting: Setting): Promise<Times> {
  const sqls = await Promise.all(queries.map(readSql));
  const client = createOfficialClient(emulator);
  using connection = await openConnection(gateway);
  const times: Times = { page: [], alone: queries.map(() => []), atOnce: [] };
  const isCounted = (round: number) => round >= WARM_UP_ROUNDS;

  const askPage = async (round: number) => {
    const { userId, limit } = parametersOf(round);
    const url = `${gateway}/api/v1/home/recommendations?userId=${userId}&limit=${limit}`;
    const { value: reply, tookMs } = await timed(() => connection.send(getRequest(url)));
    expectSource(reply, 'live');
    if (isCounted(round)) times.page.push(tookMs);
  };
  const askInTurn = async (round: number) => {
    for (const [index, statement] of statementsOf(sqls, round).entries()) {
      const { tookMs } = await timed(() => client.run(statement));
      if (isCounted(round)) times.alone[index]?.push(tookMs);
    }
  };
  const askAtOnce = async (round: number) => {
    const statements = statementsOf(sqls, round);
    const { tookMs } = await timed(() => Promise.all(statements.map((one) => client.run(one))));
    if (isCounted(round)) times.atOnce.push(tookMs);
  };
  const rounds = WARM_UP_ROUNDS + (setting.quick ? QUICK_ROUNDS : ROUNDS);
  await interleave(rounds, [askPage, askInTurn, askAtOnce], setting);
  return times;
}

function readSql(query: string): Promise<string> {
  return readFile(new URL(`../../shared/catalog/queries/${query}.sql`, import.meta.url), 'utf8');
}

function parametersOf(round: number) {
  return { userId: 1_000 + 37 * round, limit: 1 + round };
}

/** The statements of the page's three queries; trending is the one that knows no user. */
function statementsOf(sqls: readonly string[], round: number): Statement[] {
  const { userId, limit } = parametersOf(round);
  return sqls.map((sql) => ({
    sql,
    // Those that know a user are asked for many at once: for one, here.
    parameters: sql.includes('@userId') ? { userId: [userId], limit } : { limit },
  }));
}

function findingOf({ page, alone, atOnce }: Times): Finding {
  const perRound = page.map((_, round) => alone.map((times) => times[round] ?? Number.NaN));
  const slowest = perRound.map((times) => Math.max(...times));
  const inTurn = perRound.map((times) => times.reduce((sum, ms) => sum + ms, 0));
  const ratio = (to: readonly number[]) => page.map((ms, round) => ms / (to[round] ?? Number.NaN));
  return {
    measures: [
      measureOf('the cold page, three parts live', 'ms', page),
      ...queries.map((query, index) =>
        measureOf(`client: ${query} alone`, 'ms', alone[index] ?? []),
      ),
      measureOf('client: the slowest of the three', 'ms', slowest),
      measureOf('client: all three at once', 'ms', atOnce),
      measureOf('client: one after the other', 'ms', inTurn),
      measureOf('page / the slowest alone', 'ratio', ratio(slowest)),
      measureOf('page / all three at once', 'ratio', ratio(atOnce)),
      measureOf('page / one after the other', 'ratio', ratio(inTurn)),
    ],
    figures: [
      {
        what: 'the page’s median, against 1.05 × the slowest query’s + 50 ms',
        unit: 'ms',
        bound: 'at most',
        promised: 1.05 * median(slowest) + 50,
        measured: median(page),
      },
    ],
    remarks: [
      {
        remark:
          'Cold is the answer, not the process: four rounds ran before. The emulator shares the machine’s cores with everything else, so queries at once slow each other down.',
      },
    ],
  };
}
