import { z } from 'zod';

/** One scan of a table or file in a DuckDB plan: the columns it reads and the texts of its filters. */
export interface Scan {
  /** `catalog.schema.table`; missing for scans of files, whose view the plan no longer names. */
  readonly table?: string;
  readonly columns: readonly string[];
  readonly filters: readonly string[];
}

interface PlanNode {
  readonly name: string;
  readonly children: readonly PlanNode[];
  readonly extra_info: Readonly<Record<string, unknown>>;
}

const planNode: z.ZodType<PlanNode> = z.lazy(() =>
  z.object({
    name: z.string(),
    children: z.array(planNode).default([]),
    extra_info: z.record(z.string(), z.unknown()).default({}),
  }),
);

/** Lists the scans of a plan as `EXPLAIN (FORMAT json)` prints it. */
export function scansOf(planJson: string): readonly Scan[] {
  const scans: Scan[] = [];
  for (const node of z.array(planNode).parse(JSON.parse(planJson))) collect(node, scans);
  return scans;
}

function collect(node: PlanNode, scans: Scan[]): void {
  const { Table: table, Projections: columns, Filters: filters } = node.extra_info;
  if (typeof table === 'string' || /^(?:READ_|PARQUET_|CSV_)/.test(node.name))
    scans.push({
      ...(typeof table === 'string' && { table }),
      columns: texts(columns),
      filters: texts(filters),
    });
  for (const child of node.children) collect(child, scans);
}

function texts(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value];
  return list.filter((item): item is string => typeof item === 'string' && item !== '');
}
