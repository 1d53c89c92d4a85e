import type { Job } from '../jobs/job.ts';

/** The `statistics` of a job resource; the figures of timeline and plan move while the job runs. */
export function jobStatistics(job: Job): object {
  const { state, analysis, createdMs } = job;
  return {
    creationTime: String(createdMs),
    ...(state.name !== 'PENDING' && { startTime: String(state.startedMs) }),
    ...(state.name === 'DONE' && { endTime: String(state.endedMs) }),
    totalBytesProcessed: String(analysis?.bytesProcessed ?? 0),
    totalSlotMs: String(elapsedMs(job)),
    ...(state.name === 'DONE' && { finalExecutionDurationMs: String(elapsedMs(job)) }),
    query: queryStatistics(job),
  };
}

/** The figures that jobs.query and getQueryResults give beside the rows. */
export function resultStatistics({ analysis, state }: Job): object {
  const changed = state.name === 'DONE' && state.outcome.kind === 'changed';
  return {
    totalBytesProcessed: String(analysis?.bytesProcessed ?? 0),
    totalBytesBilled: String(analysis?.bytesBilled ?? 0),
    cacheHit: false,
    ...(analysis !== undefined && { statementType: analysis.statementType }),
    ...(changed &&
      isDml(analysis?.statementType) && {
        numDmlAffectedRows: String(state.outcome.affectedRows),
      }),
  };
}

function queryStatistics(job: Job): object {
  const { analysis, spec } = job;
  if (analysis === undefined) return { cacheHit: false };
  return {
    ...resultStatistics(job),
    totalSlotMs: String(elapsedMs(job)),
    totalPartitionsProcessed: '0',
    referencedTables: analysis.referencedTables,
    ...(spec.dryRun && {
      totalBytesProcessedAccuracy: 'PRECISE',
      schema: { fields: analysis.fields },
    }),
    ...(analysis.target !== undefined && targetStatistics(job, analysis.target)),
    ...(!spec.dryRun && { timeline: timeline(job), queryPlan: queryPlan(job) }),
  };
}

function targetStatistics({ state, analysis }: Job, target: object): object {
  const type = analysis?.statementType ?? '';
  if (!isDml(type)) return { ddlTargetTable: target, ddlOperationPerformed: type.split('_', 1)[0] };
  if (state.name !== 'DONE' || state.outcome.kind !== 'changed') return {};
  const counted = dmlCounter[type];
  return counted === undefined
    ? {}
    : { dmlStats: { [counted]: String(state.outcome.affectedRows) } };
}

const dmlCounter: Readonly<Record<string, string>> = {
  INSERT: 'insertedRowCount',
  UPDATE: 'updatedRowCount',
  DELETE: 'deletedRowCount',
  TRUNCATE_TABLE: 'deletedRowCount',
};

function isDml(type: string | undefined): boolean {
  return type === 'MERGE' || (type !== undefined && Object.hasOwn(dmlCounter, type));
}

const totalUnits = 100;
const maxSamples = 20;

function timeline(job: Job): readonly object[] {
  const endMs = elapsedMs(job);
  const samples = Math.min(maxSamples, Math.ceil(endMs / 1000));
  return Array.from({ length: samples }, (_, i) => {
    const atMs = Math.round((endMs * (i + 1)) / samples);
    const completed = completedUnits(job, atMs);
    return {
      elapsedMs: String(atMs),
      totalSlotMs: String(atMs),
      pendingUnits: String(totalUnits - completed),
      completedUnits: String(completed),
      activeUnits: completed === totalUnits ? '0' : '1',
    };
  });
}

function queryPlan(job: Job): readonly object[] {
  if (job.state.name === 'PENDING') return [];
  const completed = completedUnits(job, elapsedMs(job));
  return [
    {
      id: '0',
      name: 'S00: Input',
      status: job.state.name === 'DONE' ? 'COMPLETE' : 'RUNNING',
      startMs: String(job.state.startedMs),
      ...(job.state.name === 'DONE' && { endMs: String(job.state.endedMs) }),
      parallelInputs: String(totalUnits),
      completedParallelInputs: String(completed),
      slotMs: String(elapsedMs(job)),
    },
  ];
}

// DuckDB does not say how far a query is: three quarters are shown as done after 9 s, and all only at the end.
function completedUnits({ state }: Job, atMs: number): number {
  if (state.name === 'PENDING') return 0;
  if (state.name === 'DONE' && atMs >= state.endedMs - state.startedMs) return totalUnits;
  return Math.floor(totalUnits * (1 - 1 / (1 + atMs / 3000)));
}

function elapsedMs({ state }: Job): number {
  if (state.name === 'PENDING') return 0;
  return (state.name === 'DONE' ? state.endedMs : Date.now()) - state.startedMs;
}
