import { beginTurn } from '../../shared/turn.ts';
import { type Query, queryNamed } from '../../shared/catalog/catalog.ts';
import { MOST_WARM_SETS, type WarmFrom } from '../../shared/catalog/warm.ts';
import { freshness } from '../../shared/entry/entry.ts';
import { fingerprint, type Parameters, PUBLIC_SCOPE } from '../../shared/fingerprint.ts';
import type { Wanted } from '../../shared/queue/flight-job-for.ts';
import { flySet, readStanding } from './fly-set.ts';
import { learnedSets } from './learned-sets.ts';
import type { RunInHand, WarmingContext } from './warming-context.ts';

/** What a run is to warm, each set once, and how many sets could not be read. */
export interface ListedSets {
  readonly sets: readonly Wanted[];
  readonly wrong: number;
  /** A part of the list could not be had. */
  readonly isShort: boolean;
}

/** Lists the declared sets, the rows of the warming query, which is flown like any other if it is not fresh, and what is in demand beside these. Never rejects. */
export async function listSets(
  context: WarmingContext,
  query: Query,
  run: RunInHand,
): Promise<ListedSets> {
  const { sets = [], from } = query.warm ?? {};
  const rows = from ? await rowsOf(context, query, from, run) : [];
  const wanted = new Map<string, Wanted>();
  let wrong = 0;
  const refuse = (problem: string) => {
    wrong += 1;
    if (wrong === 1) context.events.rowRefused(query.name, problem);
  };
  const add = (parameters: Parameters) => {
    const one = wantedFor(query, parameters);
    if (wanted.size < MOST_WARM_SETS) wanted.set(one.fingerprint, one);
    else if (!wanted.has(one.fingerprint)) refuse(`more than ${MOST_WARM_SETS} sets`);
  };
  sets.forEach(add);
  // A long list takes a second to read, and leases have to be renewed meanwhile.
  const turn = beginTurn();
  for (const row of rows ?? []) {
    const { parameters, problem } = readSet(query, row);
    if (parameters) add(parameters);
    else refuse(problem ?? 'unreadable');
    if (turn.isOver()) await turn.pass();
  }
  const most = Math.min(MOST_WARM_SETS, wanted.size + (query.warm?.learned ?? 0));
  for (const parameters of await learnedSets(context, query))
    if (wanted.size < most) add(parameters);
  return { sets: [...wanted.values()], wrong, isShort: rows === undefined };
}

function wantedFor(query: Query, parameters: Parameters): Wanted {
  const { name, version } = query;
  const scope = PUBLIC_SCOPE;
  const identity = { query: name, version, scope, parameters };
  return { query, parameters, scope, fingerprint: fingerprint(identity) };
}

/** Undefined when there are neither fresh rows nor a flight that brings some. */
async function rowsOf(
  { worker, events }: WarmingContext,
  query: Query,
  { query: name, parameters }: WarmFrom,
  run: RunInHand,
): Promise<readonly Record<string, unknown>[] | undefined> {
  const other = queryNamed(worker.catalog, name);
  const wanted = wantedFor(other, other.parameters.parse(parameters) as Parameters);
  const read = async () => {
    const [found] = (await readStanding(worker, [wanted])) ?? [];
    return found?.kind === 'entry' ? found.entry : undefined;
  };
  let entry = await read();
  if (!entry || freshness(entry, other.policy, worker.clock.now()) !== 'fresh') {
    const { end, code } = await flySet(worker, wanted, entry?.asOf ?? 0, run);
    // What stands there is better than nothing: who was active an hour ago is so still.
    entry = (await read()) ?? entry;
    if (!entry && !run.signal.aborted) events.listFailed(query.name, `${name}: ${code ?? end}`);
  }
  return entry && (JSON.parse(entry.rows.toString()) as Record<string, unknown>[]);
}

/** A row's columns that are named like parameters; the others take their defaults. */
function readSet(
  { parameters, parameterTypes }: Query,
  row: Readonly<Record<string, unknown>>,
): { parameters?: Parameters; problem?: string } {
  const named = Object.entries(row).filter(([name]) => name in parameterTypes);
  const { data, error } = parameters.safeParse(Object.fromEntries(named));
  if (data !== undefined) return { parameters: data as Parameters };
  const [issue] = error?.issues ?? [];
  return { problem: `${issue?.path.join('.')}: ${issue?.message}` };
}
