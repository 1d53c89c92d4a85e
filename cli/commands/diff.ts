import type { Query } from '../../shared/catalog/catalog.ts';
import { loadCatalog } from '../../shared/catalog/load-catalog.ts';
import { readConfig } from '../../shared/config.ts';
import { askAdmin } from '../ask-admin.ts';
import { type Command, type Invocation, type Outcome, UsageError } from '../command.ts';
import { compareSet, type SetComparison, verdictOf } from '../diff/compare-set.ts';
import { parameterSets } from '../diff/parameter-sets.ts';
import { reportOf } from '../diff/report.ts';
import { type Sides, sidesOf, type ToldVersions } from '../diff/sides.ts';

/** Each set is two warehouse jobs that somebody pays for. */
const USUAL_SETS = 5;
const MOST_SETS = 20;

/** `punctual diff`: what a change of a query changes, by asking its old and its new version with the same parameters. */
export const diff: Command = {
  name: 'diff',
  summary: 'Runs a query on disk and as the fleet serves it, and shows what differs',
  usage:
    '<query> [--against=<version>] [--parameters=<json> …] [--most=5] [--dry-run] [--admin=http://127.0.0.1:8081]',
  details: `The old version is the newest that the fleet has registered and that is not the one on disk (CATALOG_DIR), or --against;
a running gateway's admin port tells it. Both run in the warehouse, within the query's byte cap and time, with the
--parameters that are given, or with those of the last requests, ${USUAL_SETS} sets unless --most says otherwise (at most ${MOST_SETS}).
Rows are compared as the SQL gives them: transforms are not run. --dry-run compares the bytes alone, and bills nothing.
--json holds every row that differs. Exit codes: 0 no differences, 1 differences, 2 trouble.`,
  options: ['against', 'parameters', 'most', 'dry-run', 'admin'],
  async run(invocation) {
    try {
      return await compare(invocation);
    } catch (error) {
      if (error instanceof UsageError || (error instanceof Error && 'problems' in error))
        throw error;
      const problem = error instanceof Error ? error.message : String(error);
      // 1 would say that the versions differ.
      return { text: problem, data: { problem }, exitCode: 2 };
    }
  },
};

async function compare(invocation: Invocation): Promise<Outcome> {
  const { words, options, repeated, env } = invocation;
  const [name] = words;
  if (name === undefined || words.length > 1) throw new UsageError('Name one query.');
  const most = readMost(options.get('most'));
  const config = readConfig(env);
  const catalog = await loadCatalog(config.catalogFolder, config.warehouse.queryTimeoutMs);
  const query = catalog.queries.get(name);
  if (!query) throw new UsageError(`The catalog on disk has no query ${name}.`);
  const told = await askVersions(invocation, query);
  const sides = sidesOf(query, told, options.get('against'));
  const given = repeated?.get('parameters') ?? [];
  const comparisons: SetComparison[] = [];
  for (const set of parameterSets(sides, given, told.recentParameters, most))
    comparisons.push(await compareSet(config.warehouse, sides, set, options.has('dry-run')));
  return outcomeOf(sides, told, comparisons);
}

function readMost(text: string | undefined): number {
  const most = Number(text ?? USUAL_SETS);
  if (Number.isInteger(most) && most >= 1 && most <= MOST_SETS) return most;
  throw new UsageError(`--most: expected a whole number from 1 to ${MOST_SETS}, got ${text}`);
}

async function askVersions(invocation: Invocation, { name, version }: Query) {
  const path = `/admin/v1/queries/${encodeURIComponent(name)}/versions`;
  const { data, title, detail } = await askAdmin<ToldVersions>({ path }, invocation).catch(
    (error: unknown) => {
      throw new Error('No gateway answers at its admin port: say --admin=<url>.', { cause: error });
    },
  );
  if (data) return data;
  throw new Error(`${title}: ${detail} (${name}, on disk ${version})`);
}

function outcomeOf(
  { old, next }: Sides,
  told: ToldVersions,
  comparisons: readonly SetComparison[],
): Outcome {
  const verdicts = comparisons.map(verdictOf);
  const count = (verdict: string) => verdicts.filter((one) => one === verdict).length;
  const exitCode = verdicts.includes('trouble') ? 2 : verdicts.includes('differ') ? 1 : 0;
  const registered = told.versions.find(({ version }) => version === old.query.version);
  const heading = `${next.query.name}: ${old.query.version}, registered ${registered?.firstSeenAt}, and ${next.query.version} on disk`;
  const summary = `${comparisons.length} sets of parameters: ${count('same')} alike, ${count('differ')} differ, ${count('trouble')} in trouble`;
  const sets = comparisons.map((one) => ({ ...one, verdict: verdictOf(one) }));
  return {
    text: [heading, ...comparisons.map(reportOf), summary].join('\n\n'),
    data: { query: next.query.name, old: old.query.version, new: next.query.version, sets },
    exitCode,
  };
}
