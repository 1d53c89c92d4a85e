import { type BigQueryError, errorProto } from '../values/bigquery-error.ts';

/** The body of an HTTP error answer, as Google's JSON APIs shape it. */
export function errorEnvelope(error: BigQueryError): object {
  return {
    error: {
      code: error.status,
      message: error.message,
      errors: [{ ...errorProto(error), domain: 'global' }],
      status: canonicalStatus(error.status),
    },
  };
}

const canonicalByStatus: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  413: 'INVALID_ARGUMENT',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

function canonicalStatus(status: number): string {
  return canonicalByStatus[status] ?? (status < 500 ? 'FAILED_PRECONDITION' : 'INTERNAL');
}
