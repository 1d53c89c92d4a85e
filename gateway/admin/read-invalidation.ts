import { INVALIDATIONS, type Invalidation } from '../../shared/epochs/epoch-store.ts';
import { Refusal, type RefusalProblem } from '../../shared/side-door/refusal.ts';
import { membersOf, shown, strangers } from './read-members.ts';

/** What somebody wants invalidated: `name` is the query's, the table's, or the fingerprint. */
export type InvalidationTarget =
  | { readonly by: 'query' | 'table' | 'fingerprint'; readonly name: string }
  | { readonly by: 'all' };

/** A body of the invalidate route, read. */
export interface WantedInvalidation {
  readonly target: InvalidationTarget;
  readonly mode: Invalidation;
}

interface Rule {
  readonly expected: string;
  readonly read: (value: unknown) => InvalidationTarget | undefined;
}

/** What each member that names a target may be. */
const RULES: Readonly<Record<string, Rule>> = {
  query: named('query', 'the name of a query', /^[a-z][a-z0-9-]{0,62}$/),
  table: named('table', 'dataset.table or project.dataset.table', /^(?:[^`.]+\.)+[^`.]+$/),
  fingerprint: named('fingerprint', '64 hex digits', /^[0-9a-f]{64}$/),
  all: { expected: 'true', read: (value) => (value === true ? { by: 'all' } : undefined) },
};
const TARGETS = Object.keys(RULES).join(', ');
const MODES = INVALIDATIONS.map((mode) => `"${mode}"`).join(' or ');
const SHAPE = `an object with one of ${TARGETS}, and mode: ${MODES}`;

/** Reads what is to be invalidated, softly where no mode is said; a {@link Refusal} names every member that is wrong. */
export function readInvalidation(body: unknown): WantedInvalidation {
  const { mode = 'soft', ...members } = membersOf(body, SHAPE);
  const problems: RefusalProblem[] = [];
  if (!isInvalidation(mode)) problems.push({ member: 'mode', expected: MODES, got: shown(mode) });
  const others = { ...members };
  const targets: InvalidationTarget[] = [];
  const given = Object.keys(RULES).filter((member) => member in members);
  for (const member of given) {
    const value = others[member];
    delete others[member];
    const target = RULES[member]?.read(value);
    if (target) targets.push(target);
    else problems.push({ member, expected: RULES[member]?.expected ?? '', got: shown(value) });
  }
  if (given.length !== 1)
    problems.push({ member: '', expected: `one of ${TARGETS}`, got: given.join(', ') || 'none' });
  problems.push(...strangers(others));
  const [target] = targets;
  if (problems.length === 0 && target && isInvalidation(mode)) return { target, mode };
  throw new Refusal('invalid-body', `The body must be ${SHAPE}.`, {
    problems: problems.slice(0, 10),
  });
}

function named(by: 'query' | 'table' | 'fingerprint', expected: string, pattern: RegExp): Rule {
  return {
    expected,
    read: (value) =>
      typeof value === 'string' && value.length <= MOST_LENGTH && pattern.test(value)
        ? { by, name: value }
        : undefined,
  };
}

/** Longer than a project, a dataset and a table may be named together. */
const MOST_LENGTH = 2_200;

function isInvalidation(value: unknown): value is Invalidation {
  return INVALIDATIONS.some((mode) => mode === value);
}
