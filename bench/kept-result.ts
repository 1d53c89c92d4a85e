import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** What could not be measured is null in JSON. */
const number = z.union([z.number(), z.null().transform(() => Number.NaN)]);

const measure = z.object({
  what: z.string(),
  unit: z.string(),
  count: z.number(),
  least: number,
  p50: number,
  p95: number,
  p99: number,
  most: number,
});

const figure = z.object({
  what: z.string(),
  unit: z.string(),
  bound: z.enum(['at most', 'at least']),
  promised: number,
  measured: number,
});

const scenario = z.union([
  z.object({ name: z.string(), question: z.string(), failed: z.string() }),
  z.object({
    name: z.string(),
    question: z.string(),
    measures: z.array(measure).readonly(),
    figures: z.array(figure).readonly(),
    remarks: z.array(z.object({ remark: z.string() })).readonly(),
  }),
]);

const machine = z.object({
  cpu: z.string(),
  cores: z.number(),
  memoryGiB: z.number(),
  platform: z.string(),
  node: z.string(),
  governor: z.string().optional(),
});

const keptResult = z.object({
  at: z.string(),
  quick: z.boolean(),
  code: z.object({ commit: z.string(), changed: z.boolean() }),
  machine,
  /** Results of older code do not name any. */
  versions: z.record(z.string(), z.string()).default({}),
  loadBefore: z.number(),
  loadAfter: z.number(),
  scenarios: z.array(scenario).readonly(),
});

/** A result as it is read back: of this code or of older code, so that units are whatever words stand there. */
export type KeptResult = Readonly<z.output<typeof keptResult>>;
/** A scenario of a kept result. */
export type KeptScenario = KeptResult['scenarios'][number];
/** A measure of a kept result; NaN stands for what could not be measured. */
export type KeptMeasure = Readonly<z.output<typeof measure>>;
/** A figure of a kept result. */
export type KeptFigure = Readonly<z.output<typeof figure>>;

/** A result that was read, or why it was not. */
export type Reading =
  | { readonly kind: 'read'; readonly result: KeptResult }
  | { readonly kind: 'unreadable'; readonly problem: string };

/** Reads a result file that the bench has kept. */
export async function readResult(path: string): Promise<Reading> {
  const unreadable = (why: string): Reading => ({ kind: 'unreadable', problem: `${path}: ${why}` });
  let json: unknown;
  try {
    json = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    return unreadable(error instanceof Error ? error.message : String(error));
  }
  const parsed = keptResult.safeParse(json);
  if (parsed.success) return { kind: 'read', result: parsed.data };
  const [issue] = parsed.error.issues;
  return unreadable(
    `this is no result of the bench: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
  );
}
