import { STORE_LIMITS } from './judges/store/find-leavings.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { chaosFor, type Notes } from './chaos.ts';
import { messageOf } from './apart/message-of.ts';
import { finding, type Finding } from './finding.ts';
import type { House } from './house.ts';
import { percentile, tookMs } from './judges/client/exchange.ts';
import { judgeControl } from './judge-control.ts';
import { mixedQuestions } from './loads/mixed.ts';
import { ask } from './question.ts';
import type { Allowances, Figures, Row, RowResult } from './row.ts';
import { heal, untilQuiet, untilWell } from './settle-house.ts';

const wellWithinMs = 60_000;
/** As long as a flight may take that nobody cancels, and a little. */
const quietWithinMs = 25_000;
const memoryWithinMs = 60_000;
const memoryShare = 0.1;
const warmUpMs = 15_000;
const warmUpCrowd = 500;
const warmUpRestMs = 12_000;
const warm = new WeakSet<House>();
const standardWarehouse = { jobsPerMark: 1, runsForMs: 17_000, concurrency: 64 };

/** Runs a row in a house that is well, heals what it broke, and asks every judge. Strict: times and memory are judged, too. */
export async function runRow(house: House, row: Row, isStrict: boolean): Promise<RowResult> {
  const notes: Notes = { claims: [], findings: [], figures: {} };
  await prepare(house, isStrict);
  const baseline = await controlBaseline(house);
  const startedMs = performance.now();
  await house.client.ask('begin', controlPlan(house, row));
  const figures = await runAndHeal(house, row, isStrict, notes);
  const control = await house.client.ask('end', 'control');
  const seconds = Math.round((performance.now() - startedMs) / 1_000);
  const leavings = await untilQuiet(house, quietWithinMs);
  const judged = await askJudges(house, row.allows ?? {});
  const mayDegrade = row.allows?.controlDegrades === true;
  const controlled = judgeControl(control, { baselineMs: baseline, mayDegrade, isStrict });
  const memory = isStrict ? await judgeMemory(house) : { figures: {}, findings: [] };
  const findings = [
    ...notes.findings,
    ...leavings,
    ...judged.findings,
    ...controlled.findings,
    ...memory.findings,
  ];
  const { id, title, injected } = row;
  return {
    id,
    title,
    injected,
    seconds,
    passed: findings.length === 0 && notes.claims.every(({ isMet }) => isMet),
    figures: {
      ...figures,
      ...notes.figures,
      ...judged.figures,
      ...controlled.figures,
      ...memory.figures,
    },
    claims: notes.claims,
    findings,
  };
}

async function prepare(house: House, isStrict: boolean): Promise<void> {
  await heal(house);
  await untilWell(house, wellWithinMs);
  await untilQuiet(house, quietWithinMs);
  if (isStrict) {
    await warmUp(house);
    await house.processes.ask('baseline');
  }
  await forgetAll(house);
}

/** Young processes grow by themselves: code is compiled and heaps find their size. */
async function warmUp(house: House): Promise<void> {
  if (warm.has(house)) return;
  warm.add(house);
  const { all } = mixedQuestions(`warm-${process.pid}`, 25);
  await house.client.ask('fire', {
    name: 'warm-up',
    origin: house.stack.addresses.gateway,
    questions: all,
    arrival: { kind: 'rate', perSecond: 100, forMs: warmUpMs },
  });
  // A heap is as large as the largest crowd before needed it, less what it gives back in a quiet time.
  await house.client.ask('fire', {
    name: 'warm-up crowd',
    origin: house.stack.addresses.gateway,
    questions: all,
    arrival: { kind: 'at-once', count: warmUpCrowd },
  });
  await untilQuiet(house, quietWithinMs);
  await sleep(warmUpRestMs);
}

async function forgetAll({ client, warehouse, processes }: House): Promise<void> {
  await Promise.all([client.ask('forget'), warehouse.ask('forget'), processes.ask('forget')]);
}

async function runAndHeal(
  house: House,
  row: Row,
  isStrict: boolean,
  notes: Notes,
): Promise<Figures> {
  try {
    return await row.run(chaosFor(row, house, isStrict, notes));
  } catch (error) {
    notes.findings.push(finding('row', messageOf(error)));
    return {};
  } finally {
    await heal(house);
    await untilWell(house, wellWithinMs).catch((error: unknown) => {
      notes.findings.push(finding('I7', messageOf(error)));
    });
  }
}

async function askJudges({ client, warehouse, store, processes }: House, allows: Allowances) {
  const [asked, ran, kept, lived] = await Promise.all([
    client.ask('verdict'),
    warehouse.ask('verdict', { ...standardWarehouse, ...allows.warehouse }),
    store.ask('verdict', STORE_LIMITS),
    processes.ask('verdict', allows.ends ?? {}),
  ]);
  const findings: Finding[] = [
    ...asked.findings,
    ...ran.findings,
    ...kept.findings,
    ...lived.findings,
  ];
  return {
    findings,
    figures: {
      requests: asked.asked,
      slowestMs: Math.round(asked.slowestMs),
      warehouseJobs: ran.jobs,
      mostJobsAtOnce: ran.mostAtOnce,
      troubleLinesPerSecond: lived.mostTroubleLinesPerSecond,
    },
  };
}

function controlPlan({ stack }: House, row: Row) {
  return {
    name: 'control',
    origin: stack.addresses.gateway,
    questions: [1, 2, 3, 4, 5].map((number) => ask('control', `control-${process.pid}-${number}`)),
    arrival: { kind: 'rate', perSecond: 20 } as const,
    keepAlive: true,
    tolerates: row.allows?.breaks ?? [],
  };
}

/** The control group alone: its entries are made, and then how fast a hit is when nothing is wrong. */
async function controlBaseline(house: House): Promise<number> {
  const plan = { ...controlPlan(house, { allows: {} } as Row), name: 'control before' };
  await house.client.ask('fire', { ...plan, arrival: { kind: 'at-once', count: 5 } });
  await sleep(100);
  const arrival = { kind: 'rate', perSecond: 50, forMs: 1_000 } as const;
  const hits = await house.client.ask('fire', { ...plan, arrival });
  return percentile(hits.map(tookMs), 0.99);
}

async function judgeMemory({ processes }: House) {
  const { findings, bytes, baselineBytes } = await processes.ask(
    'settled',
    memoryShare,
    memoryWithinMs,
  );
  const change = Math.round((bytes / baselineBytes - 1) * 1_000) / 10;
  return { findings, figures: { memoryPercent: change } };
}
