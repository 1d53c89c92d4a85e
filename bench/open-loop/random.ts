const MODULUS = 2 ** 31 - 1;
const MULTIPLIER = 48_271;
/** The first numbers of small seeds are small. */
const SKIPPED = 16;

/** Numbers from 0 to below 1, the same ones for the same seed (a whole number above 0): Park and Miller's generator of 1993. */
export function randomFrom(seed: number): () => number {
  let state = seed % MODULUS;
  const next = () => {
    state = (state * MULTIPLIER) % MODULUS;
    return (state - 1) / (MODULUS - 1);
  };
  for (let skipped = 0; skipped < SKIPPED; skipped++) next();
  return next;
}
