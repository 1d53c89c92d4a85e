/** What is known of a parameter set that could be warmed. */
export interface Prospect {
  /** How often it will be asked for from one run to the next, if that goes on as of late. */
  readonly readsPerRun: number;
  /** How long one of the query's flights usually runs. */
  readonly usualRunMs: number;
}

/** What is asked for less often than this is left to those who ask. */
const LEAST_READS_PER_RUN = 1;
/** What a flight costs us beside its time in the warehouse: lease, second look, landing. */
const OWN_COST_MS = 20;

/**
 * Whether warming saves more than it costs. Asks come at random, so somebody asks between two runs with the chance
 * 1 − e^−reads (Poisson). Then warming saves the first of them the wait for a flight, which would have been flown anyway;
 * else the flight was for nobody. A millisecond that a person waits counts as much as one of the warehouse's.
 */
export function isWorthWarming({ readsPerRun, usualRunMs }: Prospect): boolean {
  if (readsPerRun < LEAST_READS_PER_RUN) return false;
  const someoneAsks = 1 - Math.exp(-readsPerRun);
  const savedMs = someoneAsks * usualRunMs;
  const costMs = (1 - someoneAsks) * usualRunMs + OWN_COST_MS;
  return savedMs > costMs;
}
