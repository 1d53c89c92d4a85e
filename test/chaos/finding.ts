/** The invariants that every row is judged by, `row` for the row's own criterion. */
export type Invariant =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'I7'
  | 'I8'
  | 'I9'
  | 'I10'
  | 'row';

/** Something that must not be and was seen. */
export interface Finding {
  readonly invariant: Invariant;
  readonly what: string;
}

/** A finding from its parts. */
export function finding(invariant: Invariant, what: string): Finding {
  return { invariant, what };
}
