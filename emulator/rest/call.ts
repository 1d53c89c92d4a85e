import type { FaultRoute } from '../faults/fault.ts';
import type { FaultRules } from '../faults/fault-rules.ts';
import type { Jobs } from '../jobs/jobs.ts';
import type { Warehouse } from '../warehouse/open-warehouse.ts';

/** One HTTP request, taken apart. */
export interface Call {
  /** The `:name` parts of the path. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The JSON body; undefined if there is none. */
  readonly body: unknown;
  /** Aborts when the client has left. */
  readonly left: AbortSignal;
}

/** An answer: an object, or JSON text that is written already; undefined is an empty body. */
export interface Reply {
  readonly status: number;
  readonly body: object | string | undefined;
}

/** What the routes work on. */
export interface Backend {
  readonly jobs: Jobs;
  readonly faults: FaultRules;
  readonly warehouse: Warehouse;
}

/** One method and path, e.g. `GET /projects/:projectId/jobs`, with what answers it. */
export interface Route {
  readonly method: string;
  readonly path: string;
  /** The name that HTTP faults know it by. */
  readonly faultRoute?: FaultRoute;
  readonly answer: (call: Call, backend: Backend) => Promise<Reply> | Reply;
}

/** A 200 answer. */
export function ok(body: object | string): Reply {
  return { status: 200, body };
}
