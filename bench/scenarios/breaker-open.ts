// Is a page still quick while its warehouse is dead?
//
// The warehouse's process is killed, and the breaker of the page's query has opened. A page whose entries are stale and a
// page that nobody has ever asked for, whose parts are fallbacks, are asked for in the same rounds as one that is a hit:
// first one request after the other, then 32 at once.
import { setTimeout as pause } from 'node:timers/promises';
import { type BenchStack, startBenchStack } from '../bench-stack.ts';
import { type Connection, getRequest, openConnections } from '../http/connection.ts';
import { isFreshHit, worstPart } from '../http/expect-source.ts';
import { getOnce } from '../http/get-once.ts';
import type { Reply } from '../http/read-reply.ts';
import { warmCache } from '../http/warm-cache.ts';
import { chooseCores } from '../load/cores.ts';
import { pinSelf, pinStack } from '../load/pin.ts';
import { askAtOnce, askInTurn, type Exchange } from '../measure/load.ts';
import { type Measure, measureOf } from '../measure/measure.ts';
import { interleave } from '../measure/rounds.ts';
import type { Figure, Finding, Scenario, Setting } from '../scenario.ts';

/** A page behind an open breaker against one from the cache. */
export const breakerOpen: Scenario = {
  name: 'breaker-open',
  question:
    'How much slower than a hit is a page whose warehouse is dead, stale or from its fallback?',
  async run(setting) {
    await using bench = await startBenchStack(setting);
    const cores = await chooseCores();
    if (cores !== undefined) await pinStack(bench.stack, cores);
    await using _self = cores && (await pinSelf(cores));
    const urls = await openBreaker(bench, setting);
    setting.say('the warehouse is dead, and the breaker open');
    using hit = await openConnections(urls.hit, CONCURRENCY);
    const { all: connections } = hit;
    const pages: Pages = {
      hit: { connections, request: getRequest(urls.hit), isMeant: isFreshHit },
      stale: { connections, request: getRequest(urls.stale), isMeant: isStale },
      fallback: { connections, request: getRequest(urls.fallback), isMeant: isOpenAndFallback },
    };
    await measure(pages, setting, WARM_UP);
    setting.say('warmed up');
    return findingOf(await measure(pages, setting, setting.quick ? QUICK : FULL));
  },
};

const CONCURRENCY = 32;
const OPENS_WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 100;

interface Effort {
  readonly rounds: number;
  readonly inTurn: number;
  readonly atOnceMs: number;
}
const FULL: Effort = { rounds: 7, inTurn: 500, atOnceMs: 1_500 };
const QUICK: Effort = { rounds: 2, inTurn: 100, atOnceMs: 200 };
const WARM_UP: Effort = { rounds: 1, inTurn: 300, atOnceMs: 500 };

const NAMES = ['hit', 'stale', 'fallback'] as const;
type Name = (typeof NAMES)[number];
type Pages = Readonly<Record<Name, Exchange & { readonly connections: readonly Connection[] }>>;

/** Kills the warehouse with one page stored, and asks until the breaker has opened and nothing waits any more. */
async function openBreaker(
  { gateway, stack }: BenchStack,
  { signal }: Setting,
): Promise<Record<Name, string>> {
  const url = (lasting: 'hour' | 'second', n: number) =>
    `${gateway}/api/v1/bench/page?lasting=${lasting}&n=${n}`;
  const urls = { hit: url('hour', 1), stale: url('second', 1), fallback: url('second', 1_001) };
  await warmCache(urls.hit);
  const first = await getOnce(urls.stale);
  if (worstPart(first) !== 'live') throw new Error(`the page is ${worstPart(first)}`);
  await stack.emulator?.kill();
  const untilMs = performance.now() + OPENS_WITHIN_MS;
  for (;;) {
    const [stale, fallback] = [await getOnce(urls.stale), await getOnce(urls.fallback)];
    const given = `${worstPart(stale)}, ${worstPart(fallback)}`;
    if (given === 'stale (breaker-open), fallback (breaker-open)') return urls;
    if (performance.now() > untilMs) throw new Error(`the breaker does not open: ${given}`);
    await pause(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** While a probe is under way its query counts as tried again: then the stale answer says so. */
function isStale({ head }: Reply): boolean {
  return /punctual; hit; ttl=-?\d+; detail=/.test(head);
}

function isOpenAndFallback({ head }: Reply): boolean {
  return head.includes('punctual; fwd=miss; detail=breaker-open');
}

interface Samples {
  readonly inTurn: number[];
  readonly atOnce: number[];
  readonly rates: number[];
}

/** Every reply is the one that it is about: the breaker has not closed, and what is fresh has not become stale. */
async function measure(
  pages: Pages,
  setting: Setting,
  effort: Effort,
): Promise<Record<Name, Samples>> {
  const none = (): Samples => ({ inTurn: [], atOnce: [], rates: [] });
  const samples = { hit: none(), stale: none(), fallback: none() };
  const run = (name: Name) => async () => {
    const { connections, ...exchange } = pages[name];
    const [connection] = connections;
    if (connection === undefined) throw new Error('no connection');
    const inTurn = await askInTurn(connection, exchange, effort.inTurn);
    const atOnce = await askAtOnce(connections, exchange, effort.atOnceMs);
    const strays = inTurn.strays + atOnce.strays;
    if (strays > 0) throw new Error(`${strays} answers for "${name}" were others`);
    samples[name].rates.push(atOnce.perSecond);
    for (const ms of inTurn.times) samples[name].inTurn.push(ms);
    for (const ms of atOnce.times) samples[name].atOnce.push(ms);
  };
  await interleave(effort.rounds, NAMES.map(run), setting);
  return samples;
}

const TITLES: Readonly<Record<Name, string>> = {
  hit: 'a fresh page',
  stale: 'a stale page, breaker open',
  fallback: 'a fallback page, breaker open',
};

function findingOf(samples: Record<Name, Samples>): Finding {
  const inTurn = NAMES.map((name) =>
    measureOf(`${TITLES[name]}, one connection`, 'ms', samples[name].inTurn),
  );
  const atOnce = NAMES.map((name) =>
    measureOf(`${TITLES[name]}, ${CONCURRENCY} at once`, 'ms', samples[name].atOnce),
  );
  const rates = NAMES.map((name) =>
    measureOf(`${TITLES[name]}, ${CONCURRENCY} at once`, 'requests/s', samples[name].rates),
  );
  return {
    measures: [...inTurn, ...atOnce, ...rates],
    figures: [...figuresOf(inTurn), ...figuresOf(atOnce)],
    remarks: [
      {
        remark:
          'A page has three parts of one query. The emulator was killed, so probes fail at once; they go on behind the answers, one every two seconds. Every reply was checked: stale, a fallback because the breaker is open, or a fresh hit. One gateway process on a core of its own where cores can be pinned; the client is the bench’s own.',
      },
    ],
  };
}

function figuresOf([hit, ...others]: readonly Measure[]): Figure[] {
  return others.map(({ what, p99 }) => ({
    what: `p99 of ${what}, above a hit’s`,
    unit: 'ms',
    bound: 'at most',
    promised: 25,
    measured: p99 - (hit?.p99 ?? Number.NaN),
  }));
}
