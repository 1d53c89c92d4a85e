// How fast is a home page that is already there, and how much of what node:http can do is left?
//
// The page of one user: three parts, each from an entry of its own, all fresh. Under load beside everybody else who sends
// the same bytes; then one request after the other over one connection, beside the bare server and a single query.
import type { BenchStack } from '../bench-stack.ts';
import { getRequest, openConnection } from '../http/connection.ts';
import { isFreshHit } from '../http/expect-source.ts';
import { warmCache } from '../http/warm-cache.ts';
import { askInTurn } from '../measure/load.ts';
import { type Measure, measureOf, median } from '../measure/measure.ts';
import { interleave } from '../measure/rounds.ts';
import { findingOf } from '../peers/standings.ts';
import { BARE, type Contestant, type LineUp } from '../peers/line-up.ts';
import { measureSideBySide } from '../peers/side-by-side.ts';
import type { Scenario, Setting } from '../scenario.ts';

/** A fresh home page, alone and under load, beside the same bytes from others. */
export const homePageHit: Scenario = {
  name: 'home-page-hit',
  question:
    'How fast is a fresh home page of three parts, and what share of a bare node:http server’s speed is it?',
  async run(setting) {
    let alone: Alone | undefined;
    const standings = await measureSideBySide(
      async ({ gateway }) => {
        await warmCache(`${gateway}${PATH}`);
        return { path: PATH, headers: {}, status: 200 };
      },
      setting,
      async (bench, line) => {
        alone = await measureAlone(bench, line, setting);
      },
    );
    if (alone === undefined) throw new Error('nothing was measured over one connection');
    const { measures, remarks } = findingOf(standings);
    return {
      measures: [...alone.measures, ...measures],
      figures: [
        {
          what: 'a fresh home page, one connection, median',
          unit: 'ms',
          bound: 'at most',
          promised: 1,
          measured: alone.pageMedianMs,
        },
      ],
      remarks,
    };
  },
};

const PATH = '/api/v1/home/recommendations?userId=42&limit=4';

const ROUNDS = 9;
const QUICK_ROUNDS = 3;
const REQUESTS = 1_000;
const QUICK_REQUESTS = 50;

interface Alone {
  readonly measures: readonly Measure[];
  readonly pageMedianMs: number;
}

/** One request after the other over one connection, page, query and bare server in turn. */
async function measureAlone(
  { gateway }: BenchStack,
  { contestants: [bare, page] }: LineUp,
  setting: Setting,
): Promise<Alone> {
  if (bare === undefined || page === undefined) throw new Error('nobody to measure');
  const url = `${gateway}/api/v1/queries/bench-echo?n=1`;
  await warmCache(url);
  const query = { ...page, url, isMeant: isFreshHit };
  const times = { page: [] as number[], query: [] as number[], bare: [] as number[] };
  const count = setting.quick ? QUICK_REQUESTS : REQUESTS;
  const rounds = setting.quick ? QUICK_ROUNDS : ROUNDS;
  await interleave(
    rounds,
    [
      async () => void times.page.push(...(await askAlone(page, count))),
      async () => void times.query.push(...(await askAlone(query, count))),
      async () => void times.bare.push(...(await askAlone(bare, count))),
    ],
    setting,
  );
  return {
    measures: [
      measureOf('a fresh home page, one connection', 'ms', times.page),
      measureOf('a fresh single query, one connection', 'ms', times.query),
      measureOf(`${BARE}, one connection`, 'ms', times.bare),
    ],
    pageMedianMs: median(times.page),
  };
}

async function askAlone(
  { url, isMeant, prepare }: Contestant,
  count: number,
): Promise<readonly number[]> {
  await prepare();
  using connection = await openConnection(url);
  const load = await askInTurn(connection, { request: getRequest(url), isMeant }, count);
  if (load.strays > 0) throw new Error(`${load.strays} other answers`);
  return load.times;
}
