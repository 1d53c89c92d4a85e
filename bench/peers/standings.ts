import { bytesOf, type Volley } from '../load/volley.ts';
import type { Cores } from '../load/cores.ts';
import { headerOf, type Reply } from '../http/read-reply.ts';
import { type Measure, measureOf, median } from '../measure/measure.ts';
import type { Finding, Remark } from '../scenario.ts';
import { BARE, OURS } from './line-up.ts';

/** What was measured side by side, and under which circumstances. */
export interface Standings {
  /** The bare server's first. */
  readonly samples: readonly Samples[];
  /** The answer that was asked for, as the bare server gives it. */
  readonly answer: Reply;
  readonly missing: readonly string[];
  readonly cores: Cores | undefined;
  readonly tool: string;
  readonly connections: number;
  readonly rounds: number;
  readonly warmUpSeconds: number;
  readonly forSeconds: number;
}

/** One contestant's rounds: what came of each, and the share of it for which the server's core was at work. */
export interface Samples {
  readonly name: string;
  readonly volleys: readonly Volley[];
  readonly busy: readonly number[];
}

/** Below this a server has waited for its load, and could do more. */
const LEAST_BUSY = 0.95;

/** The measures and remarks of a comparison: each contestant's speed, its share of the bare server's, and its latencies. */
export function findingOf(standings: Standings): Omit<Finding, 'figures'> {
  const { samples, connections } = standings;
  const load = `${connections} at once`;
  const each = (what: string, unit: Measure['unit'], number: (volley: Volley) => number) =>
    samples.map(({ name, volleys }) => measureOf(`${name}, ${what}`, unit, volleys.map(number)));
  return {
    measures: [
      ...each(load, 'requests/s', ({ perSecond }) => perSecond),
      ...sharesOf(standings),
      ...each(`p50 of ${load}`, 'ms', ({ p50Ms }) => p50Ms),
      ...each(`p99 of ${load}`, 'ms', ({ p99Ms }) => p99Ms),
    ],
    remarks: [
      whereRemark(standings),
      answerRemark(standings),
      ...standingRemarks(standings),
      ...waitedRemarks(standings),
      ...missingRemarks(standings),
    ],
  };
}

/** A contestant's requests per second as a share of the bare server's in the same round: the median of the rounds. */
export function shareOf({ samples }: Standings, contestant = OURS): number {
  return median(shares(samples, contestant));
}

function sharesOf({ samples }: Standings): Measure[] {
  return samples
    .filter(({ name }) => name !== BARE)
    .map(({ name }) => measureOf(`${name} / ${BARE}`, 'ratio', shares(samples, name)));
}

function shares(samples: readonly Samples[], contestant: string): number[] {
  const rates = (wanted: string) =>
    samples.find(({ name }) => name === wanted)?.volleys.map(({ perSecond }) => perSecond) ?? [];
  const bare = rates(BARE);
  return rates(contestant).map((rate, round) => rate / (bare[round] ?? Number.NaN));
}

function whereRemark({
  cores,
  tool,
  connections,
  rounds,
  forSeconds,
  warmUpSeconds,
}: Standings): Remark {
  const where = cores
    ? `Each server ran on core ${cores.server} by itself, its Redis and the load on core ${cores.load}.`
    : 'Nothing was pinned to a core, because this machine cannot: servers and load took each other’s time.';
  return {
    remark: `${where} ${tool} kept ${connections} connections busy, ${rounds} interleaved rounds of ${forSeconds} s for each, every time with processes that were started anew and kept busy for ${warmUpSeconds} s before. One process each, the gateway with its defaults.`,
  };
}

function answerRemark({ answer }: Standings): Remark {
  const encoding = headerOf(answer, 'content-encoding') ?? 'no encoding';
  return {
    remark: `The answer is ${answer.body.length} bytes (${encoding}), ${bytesOf(answer)} with its head; all give the same bytes. Replies were read whole before and after each round, and in it counted by status and length.`,
  };
}

/** Who is faster stands first. */
function standingRemarks(standings: Standings): Remark[] {
  const ours = shareOf(standings);
  const others = standings.samples
    .map(({ name }) => ({ name, share: shareOf(standings, name) }))
    .filter(({ name }) => name !== OURS && name !== BARE)
    .sort((a, b) => b.share - a.share);
  const listed = (list: typeof others) =>
    list.map(({ name, share }) => `${name} (${share.toFixed(2)})`).join(', ') || 'nobody';
  return [
    {
      remark: `Of the bare server’s speed ${OURS} has ${ours.toFixed(2)}. Faster: ${listed(others.filter(({ share }) => share > ours))}. Slower: ${listed(others.filter(({ share }) => share <= ours))}.`,
    },
  ];
}

function waitedRemarks({ samples, tool }: Standings): Remark[] {
  const waited = samples
    .filter(({ busy }) => busy.length > 0)
    .map(({ name, busy }) => ({ name, share: median(busy) }))
    .filter(({ share }) => share < LEAST_BUSY)
    .map(({ name, share }) => `${name} (at work for ${(100 * share).toFixed(0)} %)`);
  if (waited.length === 0) return [];
  return [
    {
      remark: `These had time to spare and can do more than ${tool} asked for, or waited for their Redis: ${waited.join(', ')}.`,
    },
  ];
}

function missingRemarks({ missing }: Standings): Remark[] {
  return missing.length === 0 ? [] : [{ remark: `Not measured: ${missing.join(', ')}.` }];
}
