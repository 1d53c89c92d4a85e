import { faultList } from '../faults/fault.ts';
import type { FaultRules, FaultState } from '../faults/fault-rules.ts';
import { errorOf, type Job } from '../jobs/job.ts';
import { queryLabel } from '../jobs/query-spec.ts';
import type { Backend, Call, Reply, Route } from './call.ts';
import { ok } from './call.ts';
import { parse } from './wire.ts';

/** The emulator's own routes, beside BigQuery's: health, faults, jobs. */
export const ownRoutes: readonly Route[] = [
  { method: 'GET', path: '/emulator/health', answer: () => ok({ status: 'ok' }) },
  { method: 'GET', path: '/emulator/faults', answer: (_, { faults }) => listFaults(faults) },
  { method: 'PUT', path: '/emulator/faults', answer: putFaults },
  { method: 'DELETE', path: '/emulator/faults', answer: deleteFaults },
  { method: 'GET', path: '/emulator/jobs', answer: listJobs },
  { method: 'DELETE', path: '/emulator/jobs', answer: forgetJobs },
];

function putFaults({ body }: Call, { faults }: Backend): Reply {
  faults.replace(parse(faultList, body));
  return listFaults(faults);
}

function deleteFaults(_: Call, { faults }: Backend): Reply {
  faults.replace([]);
  return listFaults(faults);
}

function listFaults(faults: FaultRules): Reply {
  return ok(faults.list().map(faultView));
}

function faultView({ fault, struck }: FaultState): object {
  return { ...fault, struck };
}

function listJobs(_: Call, { jobs }: Backend): Reply {
  return ok(jobs.list().map(ownView));
}

function forgetJobs(_: Call, { jobs }: Backend): Reply {
  jobs.forgetFinished();
  return { status: 204, body: undefined };
}

function ownView(job: Job): object {
  const { jobId, projectId, spec, state, isCancelled, calls, analysis, createdMs } = job;
  return {
    jobId,
    projectId,
    query: spec.labels[queryLabel] ?? null,
    labels: spec.labels,
    state: state.name,
    createdAt: isoTime(createdMs),
    startedAt: state.name === 'PENDING' ? null : isoTime(state.startedMs),
    endedAt: state.name === 'DONE' ? isoTime(state.endedMs) : null,
    cancelled: isCancelled,
    calls,
    totalBytesProcessed: analysis?.bytesProcessed ?? 0,
    error: errorOf(job)?.reason ?? null,
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}
