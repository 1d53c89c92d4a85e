import { readdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Catalog, CatalogError, type Query } from './catalog.ts';
import { checkEndpoint } from './check-endpoint.ts';
import { checkQuery } from './check-query.ts';
import { checkFallbacks } from './check-fallbacks.ts';
import { checkWarming } from './check-warm.ts';
import type { EndpointDefinition } from './define-endpoint.ts';
import { resolvePunctualImports } from './resolve-punctual.ts';

const DEFAULT_FOLDER = fileURLToPath(new URL('.', import.meta.url));

/**
 * Loads the default catalog and the user's folder, if any, with no query allowed to take longer than `mostTimeoutMs`;
 * throws a {@link CatalogError} naming every problem of every file.
 */
export async function loadCatalog(
  userFolder?: string,
  mostTimeoutMs = Number.POSITIVE_INFINITY,
): Promise<Catalog> {
  resolvePunctualImports();
  const queries = new Map<string, Query>();
  const endpoints = new Map<string, EndpointDefinition>();
  const problems: string[] = [];
  for (const folder of userFolder ? [DEFAULT_FOLDER, resolve(userFolder)] : [DEFAULT_FOLDER]) {
    const found = [await loadQueries(folder, queries), await loadEndpoints(folder, endpoints)];
    problems.push(...found.flat());
    if (folder !== DEFAULT_FOLDER) problems.push(...(await emptyFolderProblems(folder)));
  }
  problems.push(...checkFallbacks(queries), ...checkWarming(queries));
  if (problems.length > 0) throw new CatalogError(problems);
  const capped = [...queries].map(
    ([name, query]) => [name, capTimeout(query, mostTimeoutMs)] as const,
  );
  return { queries: new Map(capped), endpoints };
}

function capTimeout(query: Query, mostTimeoutMs: number): Query {
  const timeoutMs = Math.min(query.policy.timeoutMs, mostTimeoutMs);
  const softTimeoutMs = Math.min(query.policy.softTimeoutMs, timeoutMs);
  return { ...query, policy: { ...query.policy, timeoutMs, softTimeoutMs } };
}

async function loadQueries(folder: string, queries: Map<string, Query>): Promise<string[]> {
  const problems: string[] = [];
  for (const file of await modulesIn(join(folder, 'queries'))) {
    const complain = (text: string) => problems.push(`${file}: ${text}`);
    const sql = await readFile(file.replace(/\.[jt]s$/, '.sql'), 'utf8').catch(() => undefined);
    if (sql === undefined)
      complain(`no ${basename(file).replace(/\.[jt]s$/, '.sql')} stands beside it`);
    const exported = await importDefault(file);
    if (!exported.ok) complain(exported.problem);
    if (sql === undefined || !exported.ok) continue;

    const checked = checkQuery(exported.value, sql);
    if (!checked.ok) checked.problems.forEach(complain);
    else if (queries.has(checked.query.name))
      complain(`a query named ${checked.query.name} exists already`);
    else queries.set(checked.query.name, checked.query);
    if (checked.ok && checked.query.name !== basename(file).replace(/\.[jt]s$/, ''))
      complain(`the file is not named for its query, ${checked.query.name}`);
  }
  return problems;
}

async function loadEndpoints(
  folder: string,
  endpoints: Map<string, EndpointDefinition>,
): Promise<string[]> {
  const problems: string[] = [];
  for (const file of await modulesIn(join(folder, 'endpoints'))) {
    const complain = (text: string) => problems.push(`${file}: ${text}`);
    const exported = await importDefault(file);
    if (!exported.ok) {
      complain(exported.problem);
      continue;
    }
    const checked = checkEndpoint(exported.value);
    if (!checked.ok) checked.problems.forEach(complain);
    else if (endpoints.has(checked.endpoint.path))
      complain(`an endpoint at ${checked.endpoint.path} exists already`);
    else endpoints.set(checked.endpoint.path, checked.endpoint);
  }
  return problems;
}

async function modulesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names
    .filter((name) => /(?<!\.d)\.[jt]s$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

async function emptyFolderProblems(folder: string): Promise<string[]> {
  const found = [
    ...(await modulesIn(join(folder, 'queries'))),
    ...(await modulesIn(join(folder, 'endpoints'))),
  ];
  return found.length > 0 ? [] : [`${folder}: has no queries/*.ts and no endpoints/*.ts`];
}

type Imported = { ok: true; value: unknown } | { ok: false; problem: string };

async function importDefault(file: string): Promise<Imported> {
  try {
    const module = (await import(pathToFileURL(file).href)) as { default?: unknown };
    if (module.default === undefined) return { ok: false, problem: 'has no default export' };
    return { ok: true, value: module.default };
  } catch (error) {
    return { ok: false, problem: `cannot be imported: ${String(error)}` };
  }
}
