import { z } from 'zod';
import { type Finding, finding } from '../../finding.ts';
import { type Exchange, type PartLabel, tookMs } from './exchange.ts';
import type { Bounds, Breakage } from './plan.ts';

/** What the judge holds an answer against. */
export interface Yardstick {
  /** Latest last byte, in milliseconds after sending. */
  readonly dueMs: number;
  readonly tolerates: readonly Breakage[];
  readonly bounds: Bounds | undefined;
}

const label = z.object({
  source: z.enum(['fresh', 'live', 'stale', 'fallback', 'none']),
  reason: z.string().optional(),
  code: z.string().optional(),
  asOf: z.iso.datetime().optional(),
  ageSeconds: z.int().min(0).optional(),
});
const row = z.looseObject({
  key: z.string().optional(),
  stamp: z.string().optional(),
  producedAt: z.number().optional(),
});
const rows = z.array(row).nullable();
const envelope = z.strictObject({
  data: z.union([rows, z.record(z.string(), rows)]),
  meta: z.looseObject({
    source: z.enum(['fresh', 'live', 'stale', 'fallback', 'none']),
    degraded: z.boolean(),
    requestId: z.string(),
    nextCursor: z.string().optional(),
    parts: z.record(z.string(), label),
  }),
});
const problem = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  requestId: z.string().nullable(),
});

type Envelope = z.output<typeof envelope>;
type Row = z.output<typeof row>;

const worstLast = ['fresh', 'live', 'stale', 'fallback', 'none'];
/** Ages are whole seconds, and the answer was on its way for a while. */
const toleranceMs = 1_000;
/** The longest that a flight may have been in the air before a request that joins it. */
const longestFlightMs = 20_000;

/** Reads the body into the exchange and returns what is wrong with it: late, broken, misshapen, somebody else's, or dishonest. */
export function findFaults(exchange: Exchange, body: string, yardstick: Yardstick): Finding[] {
  return [...faultsOf(exchange, body, yardstick)];
}

function* faultsOf(exchange: Exchange, body: string, yardstick: Yardstick): Generator<Finding> {
  const { broken, status = 0 } = exchange;
  if (broken === 'left') return;
  if (broken !== undefined) {
    if (!yardstick.tolerates.includes(broken)) yield finding('I1', `${broken} without an answer`);
    return;
  }
  if (tookMs(exchange) > yardstick.dueMs)
    yield finding('I1', `late: ${Math.round(tookMs(exchange))} ms, due in ${yardstick.dueMs} ms`);
  if (status === 304) return;
  if (status >= 200 && status <= 299) yield* envelopeFaults(exchange, body, yardstick.bounds);
  else yield* problemFaults(exchange, body);
}

function* envelopeFaults(
  exchange: Exchange,
  body: string,
  bounds: Bounds | undefined,
): Generator<Finding> {
  const parsed = envelope.safeParse(json(body));
  if (!parsed.success) {
    yield finding('I2', `${exchange.status} is no {data, meta}: ${short(body)}`);
    return;
  }
  const { data, meta } = parsed.data;
  exchange.outcome = meta.source;
  exchange.parts = meta.parts;
  if (meta.nextCursor !== undefined) exchange.nextCursor = meta.nextCursor;
  const parts = rowsByPart(parsed.data);
  exchange.stamps = parts.flatMap(({ rows }) => rows.flatMap(({ stamp }) => stamp ?? []));
  if (data === null) yield finding('I2', '200 without data');
  yield* labelFaults(exchange, parsed.data);
  for (const part of parts) {
    yield* keyFaults(exchange, part);
    yield* ageFaults(exchange, part, bounds);
  }
}

function* problemFaults(exchange: Exchange, body: string): Generator<Finding> {
  const { status, headers = {} } = exchange;
  const parsed = problem.safeParse(json(body));
  const type = headers['content-type'] ?? '';
  if (!parsed.success || !type.startsWith('application/problem+json')) {
    yield finding('I2', `${status} is no problem details: ${type} ${short(body)}`);
    return;
  }
  exchange.outcome = parsed.data.code;
  if (parsed.data.status !== status) yield finding('I2', `${status} says ${parsed.data.status}`);
}

interface Part {
  readonly name: string;
  readonly label: PartLabel;
  readonly rows: readonly Row[];
}

function rowsByPart({ data, meta }: Envelope): Part[] {
  return Object.entries(meta.parts).map(([name, label]) => {
    const rows = Array.isArray(data) || data === null ? data : data[name];
    return { name, label, rows: rows ?? [] };
  });
}

/** The whole is labelled as its worst part, and `Cache-Status` tells the same story. */
function* labelFaults({ headers = {} }: Exchange, { meta }: Envelope): Generator<Finding> {
  const sources = Object.values(meta.parts).map(({ source }) => source);
  const worst = worstLast[Math.max(...sources.map((source) => worstLast.indexOf(source)))];
  if (meta.source !== worst) yield finding('I9', `says ${meta.source}, its worst part ${worst}`);
  if (meta.degraded !== (meta.source !== 'fresh' && meta.source !== 'live'))
    yield finding('I9', `${meta.source} says degraded: ${meta.degraded}`);
  const status = headers['cache-status'] ?? '';
  const ttl = /; ttl=(-?\d+)/.exec(status)?.[1];
  const isHit = status.includes('; hit');
  if (isHit !== (meta.source === 'fresh' || meta.source === 'stale'))
    yield finding('I9', `${meta.source}, but Cache-Status: ${status}`);
  if (meta.source === 'stale' && !(Number(ttl) <= 0))
    yield finding('I9', `stale, but Cache-Status: ${status}`);
  if (meta.source === 'fresh' && !(Number(ttl) >= 0))
    yield finding('I9', `fresh, but Cache-Status: ${status}`);
}

/** Constant rows are for nobody in particular, and only a fallback may have them. */
function* keyFaults({ key }: Exchange, { name, label, rows }: Part): Generator<Finding> {
  if (key === undefined) return;
  const isRight = (row: Row) =>
    row.key === key || (label.source === 'fallback' && row.key === 'constant');
  const foreign = rows.find((row) => !isRight(row));
  if (foreign) yield finding('I3', `${name}: asked for ${key}, got a row of ${foreign.key}`);
}

function* ageFaults(
  { sentAt, lastByteMs = 0 }: Exchange,
  { name, label, rows }: Part,
  bounds: Bounds | undefined,
): Generator<Finding> {
  const { source, reason, asOf, ageSeconds } = label;
  const isGood = source === 'fresh' || source === 'live';
  if (!isGood && reason === undefined) yield finding('I9', `${name}: ${source} without a reason`);
  if (asOf === undefined || ageSeconds === undefined) {
    if (isGood || source === 'stale') yield finding('I9', `${name}: ${source} without an age`);
    return;
  }
  const readAt = Date.parse(asOf);
  const sentAgeMs = sentAt - readAt;
  const receivedAgeMs = sentAgeMs + lastByteMs;
  // What is said is whole seconds, rounded down.
  const isTooYoung = ageSeconds * 1_000 < sentAgeMs - 2 * toleranceMs;
  const isTooOld = ageSeconds * 1_000 > Math.max(0, receivedAgeMs) + toleranceMs;
  if (isTooYoung || isTooOld)
    yield finding('I9', `${name}: age ${ageSeconds} s, by its asOf ${receivedAgeMs} ms`);
  // The warehouse wrote into the row when it produced it: nothing may claim to be newer than that.
  const madeUp = rows.find(
    ({ producedAt = 0 }) => producedAt > 0 && readAt > producedAt + toleranceMs,
  );
  if (madeUp) yield finding('I9', `${name}: as of ${asOf}, produced at ${madeUp.producedAt}`);
  if (source === 'live' && sentAgeMs > longestFlightMs)
    yield finding('I9', `${name}: live, and ${sentAgeMs} ms old`);
  if (bounds !== undefined) yield* boundFaults(name, source, sentAgeMs, bounds);
}

function* boundFaults(
  name: string,
  source: string,
  ageMs: number,
  { freshForMs, staleForMs }: Bounds,
): Generator<Finding> {
  if (source === 'fresh' && ageMs > freshForMs + toleranceMs)
    yield finding('I9', `${name}: fresh at ${ageMs} ms, bound ${freshForMs} ms`);
  if (ageMs > staleForMs + toleranceMs)
    yield finding('I9', `${name}: ${ageMs} ms old, hard bound ${staleForMs} ms`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function short(text: string): string {
  return text.slice(0, 120);
}
