import type { PartAnswer } from '../../../gateway/answer/answer-parts.ts';
import type { Part } from '../../../gateway/answer/part.ts';
import { composeAnswer, type ReadyAnswer } from '../../../gateway/ready/ready-answer.ts';
import type { Query } from '../../../shared/catalog/catalog.ts';
import { answered, policy } from '../answers.ts';

const query = { name: 'q', version: 'v', policy } as Query;

/** A part with a fresh answer of its own fingerprint, as of so many seconds before noon. */
export function freshPart(fingerprint: string, ageSeconds = 0, rows = '[{"n":1}]'): PartAnswer {
  const part: Part = {
    name: fingerprint,
    query,
    parameters: { key: fingerprint },
    scope: 'public',
    fingerprint,
    fallbacks: [],
  };
  const answer = answered('fresh', ageSeconds, { fingerprint, rows: Buffer.from(rows) });
  return { part, answer };
}

/** A ready answer of these parts, which are fresh for ten minutes from their `asOf`. */
export function readyOf(...answers: readonly PartAnswer[]): ReadyAnswer {
  return composeAnswer({ answers, variant: '/a', rowsOnly: false });
}
