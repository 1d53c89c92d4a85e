/**
 * How a query runs. `normal`: by its policy. `stale-only`: no flights; what is held is given as if its breaker were open.
 * `frozen`: no flights of any kind, and what is held is given up to the hard cap, whatever the other bounds say.
 */
export const MODES = ['normal', 'stale-only', 'frozen'] as const;

/** One of {@link MODES}. */
export type Mode = (typeof MODES)[number];

/** Whether the value is one of {@link MODES}; narrows what came over a wire. */
export function isMode(value: unknown): value is Mode {
  return MODES.some((mode) => mode === value);
}
