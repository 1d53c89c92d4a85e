import { TimeoutError } from 'p-timeout';
import type { Code } from '../../shared/error-codes.ts';

/** What went wrong in the warehouse, in the words of our own table. */
export interface WarehouseError {
  readonly code: Code;
  readonly detail: string;
  /** BigQuery's own reason, where it gave one. */
  readonly reason: string | undefined;
  /** The call itself was lost: whether it had an effect is not known. */
  readonly lost: boolean;
}

/** BigQuery's reasons (its "Error messages" reference) that are not the warehouse's own failure. */
const REASONS: Readonly<Record<string, Code>> = {
  accessDenied: 'query-failed',
  billingNotEnabled: 'query-failed',
  bytesBilledLimitExceeded: 'over-budget',
  invalid: 'query-failed',
  invalidQuery: 'query-failed',
  invalidUser: 'query-failed',
  notFound: 'query-failed',
  notImplemented: 'query-failed',
  resourcesExceeded: 'query-failed',
  responseTooLarge: 'result-too-large',
  billingTierLimitExceeded: 'over-budget',
  jobRateLimitExceeded: 'quota-exceeded',
  quotaExceeded: 'quota-exceeded',
  rateLimitExceeded: 'quota-exceeded',
};

/** Classifies whatever a call of the client rejects with; by reason first, because quota errors come as 403 too. */
export function warehouseError(error: unknown): WarehouseError {
  const { reason, status, message } = readError(error);
  const code = (reason ? REASONS[reason] : undefined) ?? codeOfStatus(status);
  const lost = error instanceof TimeoutError || (status === undefined && reason === undefined);
  return { code, detail: reason ? `${reason}: ${message}` : message, reason, lost };
}

function codeOfStatus(status: number | undefined): Code {
  if (status === 429) return 'quota-exceeded';
  return status !== undefined && status >= 400 && status < 500 && status !== 408
    ? 'query-failed'
    : 'warehouse-failed';
}

function readError(error: unknown) {
  const { code, errors, message } = (error ?? {}) as {
    code?: unknown;
    errors?: { reason?: unknown }[];
    message?: unknown;
  };
  const reason = errors?.[0]?.reason;
  return {
    status: typeof code === 'number' ? code : undefined,
    reason: typeof reason === 'string' ? reason : undefined,
    message: typeof message === 'string' ? message : String(error),
  };
}
