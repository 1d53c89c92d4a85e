// How fast is an answer that is already there, and how much of what node:http can do is left?
//
// The home page of one user, fresh, through Express over keep-alive connections: one request after the other, then 32 at
// once. In the same rounds a bare node:http server in a process of its own sends the same bytes.
import { startBenchStack } from '../bench-stack.ts';
import { type Connection, getRequest, openConnections } from '../http/connection.ts';
import { getOnce } from '../http/get-once.ts';
import { expectSource, isFreshHit } from '../http/expect-source.ts';
import { askAtOnce, askInTurn, type Exchange } from '../measure/load.ts';
import { measureOf, median } from '../measure/measure.ts';
import { interleave } from '../measure/rounds.ts';
import { startBareServer } from '../peers/start-bare-server.ts';
import type { Finding, Scenario, Setting } from '../scenario.ts';

/** A fresh answer, alone and under load, beside a bare server. */
export const hit: Scenario = {
  name: 'hit',
  question: 'How fast is a fresh answer, and what share of a bare node:http server’s speed is it?',
  async run(setting) {
    await using bench = await startBenchStack(setting);
    const page = `${bench.gateway}/api/v1/home/recommendations?userId=42&limit=4`;
    const query = `${bench.gateway}/api/v1/queries/bench-echo?n=1`;
    for (const url of [page, query]) await warmCache(url);
    await using bare = await startBareServer(page, setting.signal);
    using gateway = await openConnections(page, CONCURRENCY);
    using bareConnections = await openConnections(bare.url, CONCURRENCY);

    const contestants: Contestants = {
      page: contestant(gateway.all, page, isFreshHit),
      query: contestant(gateway.all, query, isFreshHit),
      bare: contestant(bareConnections.all, bare.url, () => true),
    };
    await measure(contestants, setting, WARM_UP);
    setting.say('warmed up');
    const times = await measure(contestants, setting, setting.quick ? QUICK : FULL);
    return findingOf(times, await bytesOf(contestants.page));
  },
};

const CONCURRENCY = 32;

interface Effort {
  readonly rounds: number;
  readonly inTurn: number;
  readonly atOnceMs: number;
}
const FULL: Effort = { rounds: 9, inTurn: 1_000, atOnceMs: 2_000 };
const QUICK: Effort = { rounds: 3, inTurn: 50, atOnceMs: 200 };
const WARM_UP: Effort = { rounds: 1, inTurn: 1_000, atOnceMs: 1_000 };

interface Contestant extends Exchange {
  readonly connections: readonly Connection[];
}
type Name = 'page' | 'query' | 'bare';
type Contestants = Readonly<Record<Name, Contestant>>;
interface Samples {
  readonly times: number[];
  readonly timesAtOnce: number[];
  readonly rates: number[];
  strays: number;
}
type Times = Record<Name, Samples>;

function contestant(
  connections: readonly Connection[],
  url: string,
  isMeant: Exchange['isMeant'],
): Contestant {
  return { connections, request: getRequest(url), isMeant };
}

/** The first answer is computed, and the second must be a fresh one. */
async function warmCache(url: string): Promise<void> {
  expectSource(await getOnce(url), 'live');
  expectSource(await getOnce(url), 'fresh');
}

async function measure(all: Contestants, setting: Setting, effort: Effort): Promise<Times> {
  const none = (): Samples => ({ times: [], timesAtOnce: [], rates: [], strays: 0 });
  const samples: Times = { page: none(), query: none(), bare: none() };
  const names: readonly Name[] = ['page', 'query', 'bare'];
  const run = (name: Name) => async () => {
    const [connection] = all[name].connections;
    if (connection === undefined) throw new Error('no connection');
    const inTurn = await askInTurn(connection, all[name], effort.inTurn);
    const atOnce = await askAtOnce(all[name].connections, all[name], effort.atOnceMs);
    const { times, timesAtOnce, rates, strays } = samples[name];
    samples[name] = {
      times: times.concat(inTurn.times),
      timesAtOnce: timesAtOnce.concat(atOnce.times),
      rates: [...rates, atOnce.perSecond],
      strays: strays + inTurn.strays + atOnce.strays,
    };
  };
  await interleave(effort.rounds, names.map(run), setting);
  return samples;
}

async function bytesOf({ connections: [connection], request }: Contestant): Promise<number> {
  const reply = await connection?.send(request);
  return reply?.body.length ?? 0;
}

function findingOf({ page, query, bare }: Times, pageBytes: number): Finding {
  const share = page.rates.map((rate, round) => rate / (bare.rates[round] ?? Number.NaN));
  return {
    measures: [
      measureOf('a fresh home page, one connection', 'ms', page.times),
      measureOf('a fresh single query, one connection', 'ms', query.times),
      measureOf('bare node:http, one connection', 'ms', bare.times),
      measureOf(`a fresh home page, ${CONCURRENCY} at once`, 'ms', page.timesAtOnce),
      measureOf(`a fresh home page, ${CONCURRENCY} at once`, 'requests/s', page.rates),
      measureOf(`a fresh single query, ${CONCURRENCY} at once`, 'requests/s', query.rates),
      measureOf(`bare node:http, ${CONCURRENCY} at once`, 'requests/s', bare.rates),
      measureOf('home page / bare node:http, requests per second', 'ratio', share),
    ],
    figures: [
      {
        what: 'a fresh home page, one connection, median',
        unit: 'ms',
        bound: 'at most',
        promised: 1,
        measured: median(page.times),
      },
    ],
    remarks: [
      {
        remark: `The home page is ${pageBytes} bytes, from three parts; the bare server sends the same bytes. One gateway process. Replies that were no fresh hits, and are not counted: ${page.strays} home pages, ${query.strays} single queries.`,
      },
    ],
  };
}
