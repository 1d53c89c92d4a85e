import { createHash } from 'node:crypto';

/** Values that parameters may hold once their schema has checked them. */
export type ParameterValue = string | number | boolean | null | readonly ParameterValue[];
/** Checked parameters of one query by name. */
export type Parameters = Readonly<Record<string, ParameterValue>>;

/** What a result depends on: the same identity has the same entry, and no two identities share one. */
export interface Identity {
  readonly query: string;
  readonly version: string;
  readonly scope: string;
  readonly parameters: Parameters;
}

/** Everybody's scope: what a caller without one of his own shares with all others. */
export const PUBLIC_SCOPE = 'public';

/** The key of everything: 64 hex digits of sha256 over an identity in one canonical, unambiguous form. */
export function fingerprint(identity: Identity): string {
  const parts = [identity.query, identity.version, identity.scope, canonical(identity.parameters)];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/**
 * Parameters as JSON with sorted names: absent counts as null and −0 as 0, because a warehouse cannot tell them apart;
 * types stay apart (1 is not "1").
 */
export function canonical(parameters: Parameters): string {
  const names = Object.keys(parameters)
    .filter((name) => parameters[name] !== null && parameters[name] !== undefined)
    .sort();
  return JSON.stringify(names.map((name) => [name, canonicalValue(parameters[name] ?? null)]));
}

function canonicalValue(value: ParameterValue): ParameterValue {
  if (typeof value === 'number') {
    if (!Number.isFinite(value))
      throw new RangeError(`A parameter is not a finite number: ${value}`);
    return value === 0 ? 0 : value;
  }
  return Array.isArray(value) ? value.map(canonicalValue) : value;
}
