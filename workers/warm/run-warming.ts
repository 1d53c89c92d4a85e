import type { Query } from '../../shared/catalog/catalog.ts';
import type { Wanted } from '../../shared/queue/flight-job-for.ts';
import type { WarmRun, WarmState } from '../../shared/warm/warm-runs.ts';
import type { FlightEnd } from '../run-flight.ts';
import { flySet, readStanding } from './fly-set.ts';
import { createGiveWay, type GiveWay } from './give-way.ts';
import { listSets } from './list-sets.ts';
import { type Ledger, openLedger } from './ledger.ts';
import type { RunInHand, WarmingContext } from './warming-context.ts';
import { isFreshEnough } from './warming-plan.ts';

/** So many entries are looked at in one round trip. */
const CHUNK = 100;
/** More flights than there are places, so that a place that becomes free is taken at once. */
const SPARE = 2;
/** Each flight of a batch has a lease that it renews. */
const MOST_IN_BATCHES = 1_000;

/** A set that is to be flown, and the instant of the entry that it replaces. */
interface Due {
  readonly wanted: Wanted;
  readonly newerThan: number;
}

/**
 * Warms a query: lists its sets, leaves those that are fresh long enough, and flies the others, giving way to everybody
 * else. Ends with its list, at its time, or when the warehouse's quota is used up. Undefined when the process ends first:
 * then the run is for another worker to go on with. Never rejects.
 */
export async function runWarming(
  context: WarmingContext,
  query: Query,
  run: RunInHand,
): Promise<WarmRun | undefined> {
  const giveWay = createGiveWay(context);
  await giveWay(query.name, run);
  const { sets, wrong, isShort } = await listSets(context, query, run);
  await using ledger = openLedger(context, query, run, sets.length + wrong);
  ledger.note('failed', wrong);
  const due = dueSets(context, query, run, sets, ledger, giveWay);
  const lanes = Array.from({ length: mostAtOnce(context, query) }, () =>
    flyAll(context, run, due, ledger),
  );
  await Promise.all(lanes);
  return run.signal.aborted ? undefined : ledger.close(stateOf(context, run, ledger, isShort));
}

/** As many as the class has places for in this worker; of a batched query, as many as fill one job while another runs. */
function mostAtOnce({ worker }: WarmingContext, { batch }: Query): number {
  if (batch) return Math.min(MOST_IN_BATCHES, 2 * batch.most);
  return worker.config.worker.concurrency.warm + SPARE;
}

/** The sets that have to be flown, one after the other, for as long as the run may go on. */
async function* dueSets(
  { worker }: WarmingContext,
  { name, policy }: Query,
  run: RunInHand,
  sets: readonly Wanted[],
  ledger: Ledger,
  giveWay: GiveWay,
): AsyncGenerator<Due, void, undefined> {
  const mayGoOn = () =>
    !run.signal.aborted && ledger.stopped === undefined && worker.clock.now() < run.plan.endsAt;
  for (let from = 0; from < sets.length && mayGoOn(); from += CHUNK) {
    const chunk = sets.slice(from, from + CHUNK);
    const standing = await readStanding(worker, chunk);
    if (!standing) {
      ledger.stop('failed');
      return;
    }
    for (const [index, wanted] of chunk.entries()) {
      const found = standing[index];
      const entry = found?.kind === 'entry' ? found.entry : undefined;
      if (entry && isFreshEnough(entry, policy, run.plan, worker.clock.now())) {
        // What this very run has made before it changed hands is its own.
        const isOwn = entry.warmed === true && entry.asOf >= run.plan.startedAt;
        if (isOwn) ledger.noteFlownBefore();
        else ledger.note('skipped');
        if (entry.warmed) ledger.noteWarmed(wanted.fingerprint);
        continue;
      }
      await giveWay(name, run);
      if (!mayGoOn()) return;
      yield { wanted, newerThan: entry?.asOf ?? 0 };
    }
  }
}

/** Takes sets from the list that all lanes share until there are no more. */
async function flyAll(
  { worker }: WarmingContext,
  run: RunInHand,
  due: AsyncGenerator<Due, void, undefined>,
  ledger: Ledger,
): Promise<void> {
  for (let next = await due.next(); !next.done; next = await due.next()) {
    const { wanted, newerThan } = next.value;
    const { end, code } = await flySet(worker, wanted, newerThan, run);
    if (code === 'quota-exceeded') ledger.stop('quota');
    const outcome = outcomeOf(end);
    if (outcome === 'flown') ledger.noteWarmed(wanted.fingerprint);
    if (!run.signal.aborted) ledger.note(outcome);
  }
}

function outcomeOf(end: FlightEnd): 'flown' | 'skipped' | 'failed' {
  switch (end) {
    case 'landed':
      return 'flown';
    // Somebody has asked for it meanwhile, and has brought it or is about to.
    case 'kept':
    case 'found':
    case 'joined':
      return 'skipped';
    default:
      return 'failed';
  }
}

function stateOf(
  { worker }: WarmingContext,
  run: RunInHand,
  ledger: Ledger,
  isShort: boolean,
): WarmState {
  const { flown, skipped, failed, total } = ledger.counts;
  if (ledger.stopped !== undefined) return ledger.stopped;
  if (isShort) return 'failed';
  if (flown + skipped === 0 && failed > 0) return 'failed';
  const isWhole = flown + skipped + failed >= total;
  return isWhole || worker.clock.now() < run.plan.endsAt ? 'done' : 'out-of-time';
}
