import { setTimeout as sleep } from 'node:timers/promises';
import type { Exchange } from '../judges/client/exchange.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, outcomes, reasons, slowestMs } from '../tally.ts';

const perSecond = { live: 3, analyst: 2, warm: 2 } as const;
const steps = 25;
const stepMs = 4_000;
const fromMs = 1_000;
const toMs = 20_000;

export default defineRow({
  id: 'W15',
  title: 'The warehouse gets slower and slower',
  injected:
    'jobs take 1 s, then longer and longer, up to 20 s, over 100 s (the matrix says ten minutes); 3 new questions a second of the class live, 2 of analyst, 2 of warm, each with a fallback; one worker',
  quick: false,
  house: { workers: 1 },
  allows: { warehouse: { jobsPerMark: 2 } },
  async run(chaos) {
    const live = await load(chaos, 'live');
    const analyst = await load(chaos, 'analyst');
    const warm = await load(chaos, 'warm');
    const limits: number[] = [];
    for (let step = 0; step < steps; step += 1) {
      const latencyMs = Math.round(fromMs + ((toMs - fromMs) * step) / (steps - 1));
      await chaos.faults({ match: { query: 'graded-*' }, latencyMs });
      await sleep(stepMs);
      limits.push(await limitOf(chaos));
    }
    await chaos.faults();
    const recoveredMs = await chaos.recovery('graded-live');
    const [lives, analysts, warms] = await Promise.all([live(), analyst(), warm()]);
    const given = countBy(lives, 'live', 'fresh', 'fallback') / lives.length;
    chaos.claim('99 of 100 of class live get rows', given >= 0.99, outcomes(lives));
    const late = Math.max(...[lives, analysts, warms].map(slowestMs));
    chaos.claim('nobody waits for longer than 18.5 s', late <= 18_500, late);
    const shed = [lives, analysts, warms].map(firstShedSeconds);
    const [liveAt = 0, analystAt = 0, warmAt = 0] = shed;
    chaos.claim('warm is shed first', warmAt <= analystAt && warmAt < liveAt, shed.join(', '));
    const shares = [lives, analysts, warms].map(computedShare);
    const [liveShare = 0, , warmShare = 1] = shares;
    chaos.claim('live gets more than warm', liveShare > warmShare, shares.join(', '));
    return {
      live: `${outcomes(lives)}; ${reasons(lives)}`,
      analyst: `${outcomes(analysts)}; ${reasons(analysts)}`,
      warm: `${outcomes(warms)}; ${reasons(warms)}`,
      computedShares: shares.join(', '),
      firstShedAfterSeconds: shed.join(', '),
      workerLimit: limits.join(' '),
      backMs: Math.round(recoveredMs),
    };
  },
});

function load(chaos: Chaos, name: keyof typeof perSecond) {
  return chaos.begin({
    questions: ask(`graded-${name}`, `${chaos.run}-${name}-{n}`),
    arrival: { kind: 'rate', perSecond: perSecond[name] },
  });
}

/** When the first of them was refused its flight; endless when nobody was. */
function firstShedSeconds(exchanges: readonly Exchange[]): number {
  const [first] = exchanges;
  const shed = exchanges.find(({ parts = {} }) =>
    Object.values(parts).some(({ reason }) => reason === 'shed'),
  );
  if (first === undefined || shed === undefined) return Number.POSITIVE_INFINITY;
  return Math.round((shed.sentMs - first.sentMs) / 1_000);
}

function computedShare(exchanges: readonly Exchange[]): number {
  return Math.round((countBy(exchanges, 'live') / exchanges.length) * 1_000) / 1_000;
}

/** What the worker says of its own limit: a figure, no claim. */
async function limitOf({ stack }: Chaos): Promise<number> {
  const [worker] = stack.workers;
  const response = await fetch(`${worker?.ready['worker']}/metrics`);
  const line = /^punctual_bulkhead_limit (\d+)/m.exec(await response.text());
  return Number(line?.[1] ?? Number.NaN);
}
