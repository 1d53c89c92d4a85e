/** The number of rows that a scale asks for. */
export interface ThelookSize {
  readonly users: number;
  readonly products: number;
  readonly orders: number;
  /** Visits to the shop, those that end in an order included; each makes about five events. */
  readonly visits: number;
}

/** Sizes the dataset: everything grows with the scale, down to floors that keep the smallest one useful. Throws a RangeError unless the scale is a positive number. */
export function thelookSize(scale: number): ThelookSize {
  if (!Number.isFinite(scale) || scale <= 0) {
    throw new RangeError(`the scale must be a number above 0, got ${scale}`);
  }
  return {
    users: Math.max(200, Math.ceil(100_000 * scale)),
    products: Math.max(600, Math.ceil(29_120 * scale)),
    orders: Math.max(300, Math.ceil(140_000 * scale)),
    visits: Math.max(900, Math.ceil(430_000 * scale)),
  };
}
