import type { Query } from '../../shared/catalog/catalog.ts';
import { type JsonField, jsonFields } from '../../shared/catalog/parameter-types.ts';
import type { Parameters, ParameterValue } from '../../shared/fingerprint.ts';
import { type VersionText, versionTextSchema } from '../../shared/versions/known-version.ts';

/** What the admin port tells of a query's versions. */
export interface ToldVersions {
  readonly versions: readonly {
    readonly version: string;
    readonly firstSeenAt: string;
    readonly text?: unknown;
  }[];
  readonly recentParameters: readonly Parameters[];
}

/** A version that can be run: the old one is the query on disk with the text that the fleet has registered. */
export interface Side {
  readonly query: Query;
  readonly declared: Readonly<Record<string, JsonField>>;
  /** Parameters as this version is asked with them; throws when it does not take them. */
  readonly parametersFor: (given: Parameters) => Parameters;
}

/** The two versions of a query that are compared. */
export interface Sides {
  readonly old: Side;
  readonly next: Side;
}

/** The version on disk, and beside it the registered one that is named, or the newest that is another. */
export function sidesOf(query: Query, told: ToldVersions, against: string | undefined): Sides {
  const others = told.versions.filter(({ version }) => version !== query.version);
  const old = others.find(({ version }) => against === undefined || version.startsWith(against));
  if (!old) throw new Error(missingVersion(query, told, against));
  const text = versionTextSchema.safeParse(old.text);
  if (!text.success)
    throw new Error(`What version ${old.version} of ${query.name} asks was not kept.`);
  return { old: registered(query, old.version, text.data), next: onDisk(query) };
}

function missingVersion({ name, version }: Query, told: ToldVersions, against: string | undefined) {
  const known = told.versions.map((one) => one.version).join(', ');
  return against === undefined
    ? `The fleet knows no other version of ${name} than the one on disk, ${version}.`
    : `The fleet knows no other version ${against} of ${name}; it knows ${known}, on disk is ${version}.`;
}

function onDisk(query: Query): Side {
  const names = Object.keys(query.parameters.shape);
  return {
    query,
    declared: jsonFields(query.row, 'output'),
    parametersFor(given) {
      const own = Object.fromEntries(
        Object.entries(given).filter(([name]) => names.includes(name)),
      );
      const parsed = query.parameters.safeParse(own);
      if (parsed.success) return parsed.data as Parameters;
      const [issue] = parsed.error.issues;
      throw new Error(`${issue?.path.join('.')}: ${issue?.message}`);
    },
  };
}

/** What was checked when it was asked is not checked again; what is not given takes the default that it had. */
function registered(query: Query, version: string, text: VersionText): Side {
  const { sql, parameterTypes, parameters, row } = text;
  const valueOf = (given: Parameters, name: string) =>
    given[name] === undefined
      ? ((parameters[name]?.default as ParameterValue | undefined) ?? null)
      : given[name];
  return {
    query: { ...query, version, sql, parameterTypes },
    declared: row,
    parametersFor: (given) =>
      Object.fromEntries(Object.keys(parameterTypes).map((name) => [name, valueOf(given, name)])),
  };
}
