import type { Query } from '../../shared/catalog/catalog.ts';
import type { ParameterValue } from '../../shared/fingerprint.ts';
import type { Collected } from './check-rows.ts';
import { collectBatch } from './collect-batch.ts';
import { collectRows } from './collect-rows.ts';
import { type EntryFacts, encodeRows } from './encode-rows.ts';
import type { Cargo } from './fly-query.ts';
import type { MemberOutcome, QuerySuccess, TaskMember } from './task.ts';
import type { Key } from './split-by-key.ts';
import type { StartedJob } from './warehouse-job.ts';

/** One entry of all the job's rows. */
export function entryCargo(query: Query, member: TaskMember): Cargo {
  const { parameters } = member;
  return {
    parameters,
    async bring({ job, asOf }, first, signal, onLastPage) {
      const collected = await collectRows(job, first, query, parameters, signal, onLastPage);
      if (!collected.ok) return collected;
      const facts = factsOf(query, member, asOf);
      const encodingMs = performance.now();
      const bytes = await encodeRows(facts, collected.rows);
      return { ok: true, bytes, asOf, encodeMs: performance.now() - encodingMs };
    },
  };
}

/** An entry for each member of a batch, also for those whose key has no rows. */
export function batchCargo(query: Query, by: string, members: readonly TaskMember[]): Cargo {
  const keys = members.map(({ parameters }) => keyIn(parameters[by]));
  const parameters = { ...members[0]?.parameters, [by]: keys };
  return {
    parameters,
    async bring(started, first, signal, onLastPage) {
      const finished = { job: started.job, first, signal, onLastPage };
      const asked = { parameters, keys, isShared: started.attached };
      const collected = await collectBatch(finished, query, asked);
      if (!collected.ok) return collected;
      const own = members.map((_, index) => collected.byKey.get(keys[index] ?? ''));
      return encodeMembers(query, members, own, started);
    },
  };
}

async function encodeMembers(
  query: Query,
  members: readonly TaskMember[],
  rows: readonly (Collected | undefined)[],
  { asOf }: StartedJob,
): Promise<QuerySuccess> {
  const encodingMs = performance.now();
  const outcomes: MemberOutcome[] = [];
  const entries: Uint8Array[] = [];
  let from = 0;
  for (const [index, member] of members.entries()) {
    const collected = rows[index];
    if (!collected?.ok) {
      outcomes.push(collected ?? NO_ROWS_TOLD);
      continue;
    }
    const bytes = await encodeRows(factsOf(query, member, asOf), collected.rows);
    entries.push(bytes);
    outcomes.push({ ok: true, from, to: from + bytes.length });
    from += bytes.length;
  }
  const bytes = joined(entries, from);
  return { ok: true, bytes, asOf, encodeMs: performance.now() - encodingMs, members: outcomes };
}

function factsOf(query: Query, { fingerprint, warmed }: TaskMember, asOf: number): EntryFacts {
  const facts = { fingerprint, query: query.name, version: query.version, asOf };
  return warmed ? { ...facts, warmed } : facts;
}

const NO_ROWS_TOLD = {
  ok: false,
  code: 'bad-result',
  detail: 'the batch says nothing of it',
} as const;

/** In a buffer of their own: it is moved out of the thread as one. */
function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

function keyIn(value: ParameterValue | undefined): Key {
  if (typeof value === 'string' || typeof value === 'number') return value;
  throw new TypeError(`a key must be a text or a number, got ${typeof value}`);
}
