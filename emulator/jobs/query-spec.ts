import type { QueryParameter } from '../values/parameter.ts';

/** A query as a caller asks for it, the same for jobs.query and jobs.insert. */
export interface QuerySpec {
  readonly sql: string;
  readonly parameters: readonly QueryParameter[];
  readonly defaultDataset?: { readonly projectId: string; readonly datasetId: string };
  readonly dryRun: boolean;
  /** The job fails before it runs if it would be billed for more. */
  readonly maxBytesBilled?: number;
  /** The job is stopped when it takes longer. */
  readonly timeoutMs?: number;
  readonly labels: Readonly<Record<string, string>>;
  /** About how many bytes it takes to remember this request. */
  readonly requestBytes: number;
  /** The `configuration` that jobs.get gives back. */
  readonly configuration: object;
}

/** The job label that faults and the job list go by. */
export const queryLabel = 'punctual_query';
