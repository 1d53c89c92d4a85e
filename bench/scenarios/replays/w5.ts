// How many profiles a second does `ab -n 10000 -c 100` get, and how fast?
//
// There, a user profile API. Here the recommendations of one user, fresh in the store: by the command as it stands, which
// opens a connection for every request, and with -k, which keeps its hundred. In the same rounds a bare node:http server, one
// process of its own, is asked for the same bytes. The first and the last answer are read whole.
import { startBenchStack, usualProcesses } from '../../bench-stack.ts';
import { expectSource } from '../../http/expect-source.ts';
import { getOnce } from '../../http/get-once.ts';
import { runAb } from '../../load/ab.ts';
import { findTool } from '../../load/find-tool.ts';
import type { Volley } from '../../load/volley.ts';
import { measureOf, median } from '../../measure/measure.ts';
import { interleave } from '../../measure/rounds.ts';
import { single } from '../../open-loop/question.ts';
import { startNodePeer } from '../../peers/node-peer.ts';
import type { Figure, Finding, Scenario, Setting } from '../../scenario.ts';

/** W5: a profile under ab. */
export const w5: Scenario = {
  name: 'w5',
  question: 'How many profiles a second does `ab -n 10000 -c 100` get?',
  async run(setting) {
    const ab = await findTool('ab');
    if (ab === undefined) return ABSENT;
    const { signal } = setting;
    await using bench = await startBenchStack(setting, usualProcesses);
    const { path } = single('home-recommended', { userId: 42, limit: 4 });
    const url = `${bench.gateway}${path}`;
    expectSource(await getOnce(url), 'live');
    expectSource(await getOnce(url), 'fresh');
    await using bare = await startNodePeer(
      'bare',
      {},
      { copyOf: { url, headers: {} }, redisUrl: '', cores: undefined, signal },
    );
    const urls = { ours: url, bare: `${bare.origin}${path}` };
    await measure(ab, urls, setting, setting.quick ? 0 : WARM_UP_ROUNDS);
    setting.say('warmed up');
    const volleys = await measure(ab, urls, setting, setting.quick ? 1 : ROUNDS);
    expectSource(await getOnce(url), 'fresh');
    return findingOf(volleys, setting);
  },
};

const ABSENT: Finding = {
  measures: [],
  figures: [],
  remarks: [{ remark: 'Skipped: ab (apache2-utils) is not installed on this machine.' }],
};

const CONCURRENCY = 100;
const REQUESTS = 10_000;
const QUICK_REQUESTS = 500;
const ROUNDS = 5;
const WARM_UP_ROUNDS = 2;

type Who = 'ours' | 'bare';
type How = 'new connections' | 'kept connections';
const WHO: readonly Who[] = ['ours', 'bare'];
const HOW: readonly How[] = ['new connections', 'kept connections'];
type Volleys = Readonly<Record<Who, Readonly<Record<How, Volley[]>>>>;

async function measure(
  ab: string,
  urls: Readonly<Record<Who, string>>,
  setting: Setting,
  rounds: number,
): Promise<Volleys> {
  const none = () => ({ 'new connections': [], 'kept connections': [] });
  const volleys: Volleys = { ours: none(), bare: none() };
  const place = { cores: undefined, signal: setting.signal };
  const requests = setting.quick ? QUICK_REQUESTS : REQUESTS;
  const contestants = WHO.flatMap((who) =>
    HOW.map((how) => async () => {
      const aim = { url: urls[who], headers: {}, status: 200, connections: CONCURRENCY } as const;
      const limit = { requests, keepAlive: how === 'kept connections' };
      volleys[who][how].push(await runAb(ab, aim, limit, place));
    }),
  );
  await interleave(rounds, contestants, setting);
  return volleys;
}

const NAMES: Readonly<Record<Who, string>> = { ours: 'a profile', bare: 'bare node:http' };

function findingOf(volleys: Volleys, { quick }: Setting): Finding {
  const rates = (who: Who, how: How) => volleys[who][how].map(({ perSecond }) => perSecond);
  const measures = HOW.flatMap((how) => [
    ...WHO.flatMap((who) => [
      measureOf(`${NAMES[who]}, ab over ${how}`, 'requests/s', rates(who, how)),
      measureOf(
        `p95 of ${NAMES[who]} under ab over ${how}`,
        'ms',
        volleys[who][how].map(({ p95Ms }) => p95Ms),
      ),
    ]),
    measureOf(
      `a profile / bare node:http under ab over ${how}`,
      'ratio',
      rates('ours', how).map((rate, round) => rate / (rates('bare', how)[round] ?? Number.NaN)),
    ),
  ]);
  return {
    measures,
    figures: HOW.flatMap((how) => figuresOf(volleys.ours[how], how)),
    remarks: [
      {
        remark: `There: 120 requests/s at first and 1,204 in the end, p95 850 and 8 ms. ${quick ? QUICK_REQUESTS : REQUESTS} requests, ${CONCURRENCY} at once, medians of rounds; -l beside the command, because ages and durations differ in length. As many gateway processes as there are cores, and one bare server; nothing is pinned, and ab, which is one process, takes a core’s worth.`,
      },
    ],
  };
}

function figuresOf(volleys: readonly Volley[], how: How): Figure[] {
  return [
    {
      what: `ab over ${how}, median`,
      unit: 'requests/s',
      bound: 'at least',
      promised: 12_040,
      measured: median(volleys.map(({ perSecond }) => perSecond)),
    },
    {
      what: `ab over ${how}, median of the p95`,
      unit: 'ms',
      bound: 'at most',
      promised: 8,
      measured: median(volleys.map(({ p95Ms }) => p95Ms)),
    },
    {
      what: `ab over ${how}, requests that failed`,
      unit: 'failures',
      bound: 'at most',
      promised: 0,
      measured: volleys.reduce((sum, { errors }) => sum + errors, 0),
    },
  ];
}
