/** BigQuery's error reasons that the emulator uses by itself, with the HTTP status each is answered with. */
const statusByReason = {
  accessDenied: 403,
  backendError: 503,
  bytesBilledLimitExceeded: 400,
  duplicate: 409,
  internalError: 500,
  invalid: 400,
  invalidQuery: 400,
  notFound: 404,
  notImplemented: 501,
  quotaExceeded: 403,
  resourceInUse: 400,
  rateLimitExceeded: 403,
  jobRateLimitExceeded: 429,
  resourcesExceeded: 400,
  responseTooLarge: 403,
  stopped: 400,
  timeout: 400,
} as const;

type Reason = keyof typeof statusByReason;

/** The HTTP status that BigQuery answers for a reason; an unknown reason is a bad request. */
function statusOf(reason: string): number {
  return isReason(reason) ? statusByReason[reason] : 400;
}

function isReason(reason: string): reason is Reason {
  return Object.hasOwn(statusByReason, reason);
}

/** What went wrong in BigQuery's terms: the reason, the HTTP status, and where (`location`) if that is known. */
export class BigQueryError extends Error {
  readonly reason: string;
  readonly status: number;
  readonly location: string | undefined;

  constructor(reason: string, message: string, o: { status?: number; location?: string } = {}) {
    super(message);
    this.name = 'BigQueryError';
    this.reason = reason;
    this.status = o.status ?? statusOf(reason);
    this.location = o.location;
  }
}

/** One error as it stands in `errors[]` of an envelope and in a job's `errorResult`. */
export interface ErrorProto {
  readonly reason: string;
  readonly message: string;
  readonly location?: string;
}

/** The error as a failed job's `status` carries it. */
export function errorProto(error: BigQueryError): ErrorProto {
  const { reason, message, location } = error;
  return location === undefined ? { reason, message } : { reason, message, location };
}
