import { setTimeout as pause } from 'node:timers/promises';
import { askAdmin, refused } from '../ask-admin.ts';
import { type Command, type Invocation, type Outcome, UsageError } from '../command.ts';
import { type Progress, showProgress } from '../progress.ts';
import { table } from '../table.ts';

/** A run as the admin port tells it. */
interface Run extends Progress {
  readonly id: string;
  readonly state: string;
  readonly startedAt: string;
  readonly tookMs: number;
}

/** A query's report as the admin port tells it. */
interface Report {
  readonly query: string;
  readonly warmed: number;
  readonly hit: number;
  readonly share?: number;
  readonly lastRun?: Run;
}

/** A run that was asked for. */
interface Started {
  readonly query: string;
  readonly id: string;
}

const LOOK_EVERY_MS = 250;
/** No run of ours takes longer to begin and to end than this without a sign of life. */
const SILENT_MS = 15 * 60_000;

/** `punctual warm`: runs queries before anybody asks and shows how far that has come, or reports whether it pays. */
export const warm: Command = {
  name: 'warm',
  summary:
    'Warms the queries that are named, or all that say how, and waits; --report tells what it is good for',
  usage: '[query…] [--report] [--admin=http://127.0.0.1:8081]',
  options: ['report', 'admin'],
  async run(invocation) {
    const listed = await askAdmin<readonly Report[]>({ path: '/admin/v1/warm' }, invocation);
    if (!listed.data) return refused(listed);
    const reports = chosen(listed.data, invocation.words);
    return invocation.options.has('report') ? reported(reports) : warmAll(invocation, reports);
  },
};

function chosen(reports: readonly Report[], names: readonly string[]): readonly Report[] {
  const known = new Set(reports.map(({ query }) => query));
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new UsageError(
      `Nothing says how to warm ${unknown.join(', ')}; there is ${[...known].join(', ') || 'nothing'}.`,
    );
  return names.length === 0 ? reports : reports.filter(({ query }) => names.includes(query));
}

function reported(reports: readonly Report[]): Outcome {
  const rows = reports.map(({ query, warmed, hit, share, lastRun }) => ({
    query,
    warmed,
    hit,
    share: share === undefined ? '' : `${Math.round(share * 100)} %`,
    'last run': lastRun ? `${lastRun.startedAt} (${seconds(lastRun)})` : 'never',
    ended: lastRun?.state ?? '',
    flown: lastRun?.flown ?? '',
    skipped: lastRun?.skipped ?? '',
    failed: lastRun?.failed ?? '',
  }));
  const text = rows.length > 0 ? table(rows) : 'No query says what is to be warmed of it.';
  return { text, data: reports, exitCode: 0 };
}

async function warmAll(invocation: Invocation, reports: readonly Report[]): Promise<Outcome> {
  const started = await Promise.all(
    reports.map(({ query }) =>
      askAdmin<Started>({ path: '/admin/v1/warm', method: 'POST', body: { query } }, invocation),
    ),
  );
  const refusal = started.find(({ data }) => !data);
  if (refusal) return refused(refusal);
  await using show = showProgress(invocation.json);
  // All at once: a run's report stands until the schedule begins the next one.
  const runs = await Promise.all(
    started.flatMap(({ data }) =>
      data ? [untilEnded(invocation, data, (run) => show.tell(data.query, run))] : [],
    ),
  );
  const rows = runs.map(({ query, run }) => ({
    query,
    ended: run.state,
    flown: run.flown,
    skipped: run.skipped,
    failed: run.failed,
    took: seconds(run),
  }));
  const isGood = runs.every(({ run }) => run.state === 'done' && run.failed === 0);
  const text = rows.length > 0 ? table(rows) : 'No query says what is to be warmed of it.';
  return { text, data: runs, exitCode: isGood ? 0 : 1 };
}

interface Ended {
  readonly query: string;
  readonly run: Run;
}

async function untilEnded(
  invocation: Invocation,
  { query, id }: Started,
  tell: (run: Run) => void,
): Promise<Ended> {
  let heardMs = performance.now();
  let told = '';
  while (performance.now() - heardMs < SILENT_MS) {
    const { data } = await askAdmin<Report>(
      { path: `/admin/v1/warm/${encodeURIComponent(query)}` },
      invocation,
    );
    const run = data?.lastRun?.id === id ? data.lastRun : undefined;
    if (run && run.state !== 'running') return { query, run };
    if (run) tell(run);
    const seen = JSON.stringify([run?.flown, run?.skipped, run?.failed]);
    if (seen !== told) heardMs = performance.now();
    told = seen;
    await pause(LOOK_EVERY_MS);
  }
  throw new Error(`Nothing is heard of the run of ${query}; do workers run?`);
}

function seconds({ tookMs }: Run): string {
  return `${(tookMs / 1_000).toFixed(1)} s`;
}
