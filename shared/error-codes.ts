/** Whose fault an error is: the caller's, the warehouse's, or ours. Only the warehouse's counts for a breaker. */
export type Fault = 'caller' | 'warehouse' | 'punctual';

interface ErrorCode {
  readonly status: number;
  readonly retryable: boolean;
  readonly fault: Fault;
  /** RFC 9457 `title`: the same for every occurrence. */
  readonly title: string;
}

/** Every error code that leaves the house, in HTTP answers, job outcomes and logs. */
export const ERROR_CODES = {
  'invalid-parameters': {
    status: 400,
    retryable: false,
    fault: 'caller',
    title: 'Parameters are wrong',
  },
  'invalid-header': {
    status: 400,
    retryable: false,
    fault: 'caller',
    title: 'A request header is wrong',
  },
  'invalid-cursor': {
    status: 400,
    retryable: false,
    fault: 'caller',
    title: 'The cursor is not one of this list',
  },
  'invalid-body': {
    status: 400,
    retryable: false,
    fault: 'caller',
    title: 'The body is wrong',
  },
  unauthorized: {
    status: 401,
    retryable: false,
    fault: 'caller',
    title: 'It is not known who asks',
  },
  'not-found': {
    status: 404,
    retryable: false,
    fault: 'caller',
    title: 'There is no such resource',
  },
  'method-not-allowed': {
    status: 405,
    retryable: false,
    fault: 'caller',
    title: 'The method is not allowed here',
  },
  'cursor-expired': {
    status: 410,
    retryable: false,
    fault: 'caller',
    title: 'The list that the cursor pages has gone',
  },
  'too-many-invalidations': {
    status: 409,
    retryable: false,
    fault: 'caller',
    title: 'No more single entries can be invalidated',
  },
  'malformed-request': {
    status: 400,
    retryable: false,
    fault: 'caller',
    title: 'The request is no HTTP',
  },
  'request-timeout': {
    status: 408,
    retryable: false,
    fault: 'caller',
    title: 'The request came too slowly',
  },
  'body-too-large': {
    status: 413,
    retryable: false,
    fault: 'caller',
    title: 'The body is too large',
  },
  'unsupported-media-type': {
    status: 415,
    retryable: false,
    fault: 'caller',
    title: 'The body is of another kind than is read here',
  },
  'expectation-failed': {
    status: 417,
    retryable: false,
    fault: 'caller',
    title: 'The request expects what is not done here',
  },
  'request-too-large': {
    status: 431,
    retryable: false,
    fault: 'caller',
    title: 'The request line or its headers are too large',
  },
  internal: {
    status: 500,
    retryable: true,
    fault: 'punctual',
    title: 'Something went wrong inside',
  },
  'query-failed': {
    status: 502,
    retryable: false,
    fault: 'punctual',
    title: 'The warehouse refused the query',
  },
  'bad-result': {
    status: 502,
    retryable: false,
    fault: 'punctual',
    title: 'The result does not fit its declared rows',
  },
  'result-too-large': {
    status: 502,
    retryable: false,
    fault: 'punctual',
    title: 'The result is larger than the query allows',
  },
  quarantined: {
    status: 503,
    retryable: false,
    fault: 'punctual',
    title: 'The query brought its worker down and rests',
  },
  overloaded: {
    status: 503,
    retryable: true,
    fault: 'punctual',
    title: 'There is no room for the query now',
  },
  switched: {
    status: 503,
    retryable: false,
    fault: 'punctual',
    title: 'The query is switched to what is stored',
  },
  'over-budget': {
    status: 503,
    retryable: false,
    fault: 'punctual',
    title: 'The query would bill more than it may',
  },
  'warehouse-failed': {
    status: 503,
    retryable: true,
    fault: 'warehouse',
    title: 'The warehouse failed',
  },
  'quota-exceeded': {
    status: 503,
    retryable: true,
    fault: 'warehouse',
    title: 'The quota of the warehouse is spent',
  },
  'store-down': {
    status: 503,
    retryable: true,
    fault: 'punctual',
    title: 'A store that is needed cannot be reached',
  },
  'breaker-open': {
    status: 503,
    retryable: true,
    fault: 'warehouse',
    title: 'The query keeps failing and is paused',
  },
  timeout: { status: 504, retryable: true, fault: 'warehouse', title: 'No result came in time' },
} as const satisfies Record<string, ErrorCode>;

/** One of {@link ERROR_CODES}. */
export type Code = keyof typeof ERROR_CODES;

/** Whether the text is one of {@link ERROR_CODES}; narrows what came over a wire. */
export function isCode(text: unknown): text is Code {
  return typeof text === 'string' && Object.hasOwn(ERROR_CODES, text);
}
