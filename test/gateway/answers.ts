import type { GivenAnswer, NoAnswer } from '../../gateway/answer/answer.ts';
import { policySchema } from '../../shared/catalog/policy.ts';

/** 2026-11-20T12:00:00Z. */
export const noon = Date.UTC(2026, 10, 20, 12);

/** Fresh for ten minutes, revalidated for twenty more. */
export const policy = policySchema.parse({ freshFor: '10m', revalidateFor: '20m' });

/** An answer with one row, as of so many seconds before noon. */
export function answered(
  source: GivenAnswer['source'],
  ageSeconds: number,
  more: Partial<GivenAnswer> = {},
): GivenAnswer {
  return {
    source,
    rows: Buffer.from('[{"n":1}]'),
    asOf: noon - ageSeconds * 1_000,
    fingerprint: 'f'.repeat(64),
    ...more,
  };
}

/** An answer of constant rows. */
export const constantRows: GivenAnswer = {
  source: 'fallback',
  reason: 'timeout',
  rows: Buffer.from('[]'),
};

/** No answer at all. */
export const nothing: NoAnswer = {
  source: 'none',
  reason: 'failed',
  code: 'warehouse-failed',
  detail: 'it failed',
};
