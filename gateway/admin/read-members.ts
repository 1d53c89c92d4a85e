import { Refusal, type RefusalProblem } from '../../shared/side-door/refusal.ts';

/** The members of a body that is an object; a {@link Refusal} says what was expected of any other. */
export function membersOf(body: unknown, expected: string): Readonly<Record<string, unknown>> {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { ...body };
  const problem = { member: '', expected, got: shown(body) };
  throw new Refusal('invalid-body', 'The body must be an object.', { problems: [problem] });
}

/** A problem for each member that has no meaning. */
export function strangers(members: Readonly<Record<string, unknown>>): RefusalProblem[] {
  return Object.entries(members).map(([member, value]) => ({
    member: member.slice(0, 100),
    expected: 'no such member',
    got: shown(value),
  }));
}

/** A value as an error shows it: short. */
export function shown(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 100);
}
