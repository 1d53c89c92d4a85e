/**
 * What V8 is told in a serving process (decision 0037): its nursery has a bound (MB; the two halves and what is moved between
 * take three times as much), what a hit calls becomes one piece of code, and nothing is allocated as old from the start.
 */
export const V8_FLAGS: readonly string[] = [
  '--max-semi-space-size=16',
  '--max-inlined-bytecode-size-cumulative=4000',
  '--no-allocation-site-pretenuring',
];
