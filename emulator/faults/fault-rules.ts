import type { Fault, FaultRoute } from './fault.ts';

/** A rule with how often it has struck. */
export interface FaultState {
  readonly fault: Fault;
  readonly struck: number;
}

/** What a rule may be matched against: the job's label and, at the HTTP level, the call. */
interface Occasion {
  readonly at: 'job' | 'http';
  readonly query: string | undefined;
  readonly route?: FaultRoute;
}

/** The rules in force, in order; the first that matches and whose probability falls strikes. */
export interface FaultRules {
  replace(faults: readonly Fault[]): void;
  list(): readonly FaultState[];
  /** Takes the fault that strikes on this occasion, if any, and counts it. */
  strike(occasion: Occasion): Fault | undefined;
}

/** Makes an empty set of rules. */
export function createFaultRules(): FaultRules {
  let rules: { fault: Fault; struck: number; matches: (occasion: Occasion) => boolean }[] = [];
  return {
    replace(faults) {
      rules = faults.map((fault) => ({ fault, struck: 0, matches: matcher(fault) }));
    },
    list: () => rules.map(({ fault, struck }) => ({ fault, struck })),
    strike(occasion) {
      const rule = rules.find(
        ({ fault, struck, matches }) =>
          struck < (fault.times ?? Number.POSITIVE_INFINITY) &&
          matches(occasion) &&
          Math.random() < fault.probability,
      );
      if (rule === undefined) return undefined;
      rule.struck += 1;
      return rule.fault;
    },
  };
}

function matcher({ at, match }: Fault): (occasion: Occasion) => boolean {
  const glob = match.query === undefined ? undefined : globPattern(match.query);
  return (occasion) =>
    occasion.at === at &&
    (glob === undefined || (occasion.query !== undefined && glob.test(occasion.query))) &&
    (match.route === undefined || match.route === occasion.route);
}

function globPattern(glob: string): RegExp {
  const source = glob
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's');
}
