import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { answerParent } from '../../apart/answer-parent.ts';
import { type Finding, finding } from '../../finding.ts';
import { childrenOf, residentBytes } from './proc.ts';
import { judgeLog, readFrom } from './read-log.ts';

/** The processes of a stack: the gateway's supervisor, whose children serve, and the workers. */
export interface Watched {
  readonly supervisor: number;
  readonly workers: readonly number[];
  readonly logs: string;
}

/** How many processes of a role may end in a row. */
export type AllowedEnds = Readonly<Partial<Record<Role, number>>>;

type Role = 'gateway' | 'worker';

const everyMs = 250;
let watched: Watched | undefined;
const alive = new Map<number, Role>();
const ends: { at: number; role: Role; pid: number }[] = [];
const offsets = new Map<string, number>();
let baselineBytes = 0;
let baselineByRole = '';
let peakBytes = 0;

async function look(): Promise<void> {
  if (watched === undefined) return;
  const serving = await childrenOf(watched.supervisor);
  for (const pid of serving) alive.set(pid, 'gateway');
  for (const pid of watched.workers) if (await residentBytes(pid)) alive.set(pid, 'worker');
  for (const [pid, role] of alive) {
    if ((await residentBytes(pid)) !== undefined) continue;
    alive.delete(pid);
    ends.push({ at: Date.now(), role, pid });
  }
  peakBytes = Math.max(peakBytes, await totalBytes());
}

async function keepLooking(): Promise<never> {
  for (;;) {
    await look().catch(() => undefined);
    await sleep(everyMs);
  }
}

/** The memory of each process, by role. */
async function byRole(): Promise<string> {
  const all = await Promise.all(
    [...alive].map(async ([pid, role]) => `${role} ${mebibytes((await residentBytes(pid)) ?? 0)}`),
  );
  return all.toSorted().join(', ');
}

async function totalBytes(): Promise<number> {
  const all = await Promise.all([...alive.keys()].map(residentBytes));
  return all.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0);
}

function logNames(): string[] {
  const workers = watched?.workers.length ?? 0;
  return ['gateway', ...Array.from({ length: workers }, (_, n) => `worker-${n + 1}`), 'worker'];
}

async function judgeLogs() {
  const all = logNames().map(async (name) => {
    const path = join(watched?.logs ?? '', `${name}.log`);
    return judgeLog(name, await readFrom(path, offsets.get(name) ?? 0));
  });
  return Promise.all(all);
}

function findEnds(allowed: AllowedEnds): Finding[] {
  return (['gateway', 'worker'] as const).flatMap((role) => {
    const ended = ends.filter((end) => end.role === role).length;
    const most = allowed[role] ?? 0;
    return ended > most
      ? [finding('I8', `${ended} ${role} processes ended, ${most} expected`)]
      : [];
  });
}

const answers = {
  /** Begins to watch these processes; called again when a restart has changed who they are. */
  async watch(processes: Watched): Promise<void> {
    const isFirst = watched === undefined;
    watched = processes;
    await look();
    if (isFirst) void keepLooking();
  },
  /** The process ids of the gateway's serving processes. */
  serving: () => childrenOf(watched?.supervisor ?? 0),
  /** Every end since {@link answers.forget}, when it was seen. */
  ends: () => ends,
  /** What each process holds in memory now. */
  async memory() {
    const all = [...alive].map(async ([pid, role]) => {
      const bytes = await residentBytes(pid);
      return bytes === undefined ? [] : [{ role, pid, bytes }];
    });
    return (await Promise.all(all)).flat();
  },
  /** Takes the memory of now as what it has to come back to. */
  async baseline(): Promise<number> {
    await look();
    baselineBytes = await totalBytes();
    baselineByRole = await byRole();
    peakBytes = baselineBytes;
    return baselineBytes;
  },
  /** Waits until memory is back within this share of the baseline, for so long at most. */
  async settled(share: number, withinMs: number) {
    const startedMs = performance.now();
    const mostBytes = baselineBytes * (1 + share);
    let bytes = await totalBytes();
    while (bytes > mostBytes && performance.now() - startedMs < withinMs) {
      await sleep(1_000);
      bytes = await totalBytes();
    }
    const before = `${mebibytes(baselineBytes)} MiB before (${baselineByRole})`;
    const what = `${mebibytes(bytes)} MiB (${await byRole()}), ${before}`;
    const findings = bytes > mostBytes ? [finding('I6', `memory has not come back: ${what}`)] : [];
    return { bytes, baselineBytes, peakBytes, findings };
  },
  /** Ends that nobody expected, and what must not stand in the logs, since {@link answers.forget}. */
  async verdict(allowed: AllowedEnds) {
    await look();
    const logs = await judgeLogs();
    return {
      mostTroubleLinesPerSecond: Math.max(0, ...logs.map((log) => log.mostTroubleLinesPerSecond)),
      lines: logs.reduce((sum, log) => sum + log.lines, 0),
      findings: [...findEnds(allowed), ...logs.flatMap((log) => log.findings)],
    };
  },
  async forget(): Promise<void> {
    await look();
    ends.length = 0;
    for (const name of logNames()) {
      const file = await stat(join(watched?.logs ?? '', `${name}.log`)).catch(() => undefined);
      offsets.set(name, file?.size ?? 0);
    }
  },
};

/** What the process judge's process can be asked. */
export type ProcessAnswers = typeof answers;

function mebibytes(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}

answerParent(answers);
