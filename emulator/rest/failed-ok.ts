import type { Fault } from '../faults/fault.ts';
import { faultError } from '../jobs/suffer.ts';
import { errorProto } from '../values/bigquery-error.ts';
import { type Call, ok, type Reply } from './call.ts';

/** A reply with status 200 that tells of a failure inside: what a job and what its results look like then. */
export function failedOk({ path, body }: Call, error: NonNullable<Fault['error']>): Reply {
  const told = errorProto(faultError(error));
  const given = (body ?? {}) as { readonly jobReference?: object };
  const projectId = path['projectId'] ?? '';
  const jobReference = given.jobReference ?? { projectId, jobId: path['jobId'] ?? '' };
  return ok({
    kind: 'bigquery#job',
    jobReference,
    status: { state: 'DONE', errorResult: told, errors: [told] },
    jobComplete: true,
    errors: [told],
  });
}
