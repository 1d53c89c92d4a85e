/** Why a result is refused: a row is never cut, dropped or altered silently. */
export interface Refusal {
  readonly ok: false;
  readonly code: 'bad-result' | 'result-too-large';
  readonly detail: string;
}

/** The refusal of more rows than are allowed. */
export function tooMany(rows: number, most: number): Refusal {
  return tooLarge(`${rows} rows, allowed are ${most}`);
}

/** The refusal of a result for its size. */
export function tooLarge(detail: string): Refusal {
  return { ok: false, code: 'result-too-large', detail };
}

/** The refusal of a result that is not what was declared or asked for. */
export function bad(detail: string): Refusal {
  return { ok: false, code: 'bad-result', detail };
}

/** What a thrown value says. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
