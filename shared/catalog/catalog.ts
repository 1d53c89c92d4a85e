import type { EndpointDefinition } from './define-endpoint.ts';
import type { Fallback, QueryDefinition } from './define-query.ts';
import type { ParameterType } from './parameter-types.ts';
import type { Policy } from './policy.ts';
import type { Warm } from './warm.ts';

/** A query as the gateway and the workers use it: checked, with its SQL, its policy in numbers and its version. */
export interface Query {
  readonly name: string;
  /** Changes whenever the SQL, the types or the transform do; part of every fingerprint. */
  readonly version: string;
  /** The same for rows of the same declaration, whatever the SQL. */
  readonly rowShape: string;
  /** The same for parameters of the same declaration. */
  readonly parametersShape: string;
  readonly summary: string;
  readonly sql: string;
  readonly parameters: QueryDefinition['parameters'];
  /** As the SQL takes them: the parameter that a batch goes by is an array. */
  readonly parameterTypes: Readonly<Record<string, ParameterType>>;
  readonly row: QueryDefinition['row'];
  readonly policy: Policy;
  readonly batch: Batch | undefined;
  readonly fallbacks: readonly Fallback<Record<string, unknown>>[];
  readonly warm?: Warm | undefined;
  readonly transform: ((rows: object[], parameters: object) => object[]) | undefined;
}

/** By which parameter a query answers for many keys at once, and for how many in one warehouse job. */
export interface Batch {
  readonly by: string;
  readonly most: number;
}

/** Every query and endpoint that can be asked, by name and by path. */
export interface Catalog {
  readonly queries: ReadonlyMap<string, Query>;
  readonly endpoints: ReadonlyMap<string, EndpointDefinition>;
}

/** What is wrong with a catalog: one line for each problem, naming the file. */
export class CatalogError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The catalog has ${problems.length} problem(s):\n${problems.map((p) => `  - ${p}`).join('\n')}`,
    );
    this.name = 'CatalogError';
    this.problems = problems;
  }
}

/** The query of that name; its absence is a defect of the caller, who checked the name before. */
export function queryNamed(catalog: Catalog, name: string): Query {
  const query = catalog.queries.get(name);
  if (!query) throw new Error(`No query is named ${name}`);
  return query;
}
