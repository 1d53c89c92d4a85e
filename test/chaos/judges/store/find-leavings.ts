import { type Finding, finding } from '../../finding.ts';

/** A key of a store, looked at directly. */
export interface KeyRecord {
  readonly role: 'queue' | 'cache';
  readonly key: string;
  readonly type: string;
  /** Milliseconds to live; -1 for ever, -2 when it went away while it was looked at. */
  readonly ttlMs: number;
  /** Members of a list, set, sorted set or stream; 1 for anything else. */
  readonly length: number;
}

/** What a store may hold when nothing is under way. */
export interface StoreLimits {
  /** Keys that may live for ever, by pattern, beside those of BullMQ. */
  readonly mayStay: readonly string[];
  /** Longest queue of waiting jobs. */
  readonly waiting: number;
}

/** What our stores may hold in any house: a field for each query, table or epoch, and nothing that grows with use. */
export const STORE_LIMITS: StoreLimits = {
  mayStay: ['^punctual:(epochs|query-tables(:found)?|table-watch:(seen|told))$'],
  waiting: 1_000,
};

/** BullMQ's own: its keys stand under the prefix in braces, ours under `punctual:`. */
const bullKey = /^\{punctual\}:[a-z-]+:/;
/** What BullMQ keeps for as long as a queue is used: counters, the stream of events, and which workers there are. */
const bullStays = /:(meta|id|events|stalled-check|pc|marker|metrics.*|prioritized)$/;
/** What a flight in the air holds, and nobody else. */
const underway = /:lease$|:(active|wait|prioritized|delayed|paused)$|:lock$|:de:/;

/** Keys without an end that should have one, and queues that are too long. */
export function findEndless(keys: readonly KeyRecord[], limits: StoreLimits): Finding[] {
  const stays = limits.mayStay.map((source) => new RegExp(source));
  const endless = keys.filter(
    ({ key, ttlMs }) =>
      ttlMs === -1 && !bullKey.test(key) && !stays.some((pattern) => pattern.test(key)),
  );
  const long = keys.filter(({ key, length }) => key.endsWith(':wait') && length > limits.waiting);
  return [
    ...endless.map(({ role, key }) => finding('I6', `${key} (${role}) lives for ever`)),
    ...long.map(({ key, length }) => finding('I6', `${length} jobs wait in ${key}`)),
  ];
}

/** What a row has left behind, once nothing is under way any more: flights in the air, jobs in queues. */
export function findLeavings(keys: readonly KeyRecord[]): Finding[] {
  const isJob = ({ key, type }: KeyRecord) =>
    bullKey.test(key) && type === 'hash' && !bullStays.test(key);
  const isUnderway = ({ key }: KeyRecord) => underway.test(key);
  return keys
    .filter((record) => isJob(record) || isUnderway(record))
    .map(({ key, role, length }) => finding('I6', `${key} (${role}, ${length}) is left`));
}
