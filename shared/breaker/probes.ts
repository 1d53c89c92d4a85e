import { randomUUID } from 'node:crypto';
import type { Circuit } from './circuit.ts';
import type { Fleet } from './fleet.ts';

/** What a probe came to. `ignored` says nothing of the dependency, and lets the next probe go at once. */
export type ProbeOutcome = 'success' | 'failure' | 'ignored';

/** The probes of one process, one at a time. */
export interface Probes {
  /** Takes the place, here and in the fleet. Returns what hears how the probe ended; undefined when it must not be made. */
  claim(): Promise<((outcome: ProbeOutcome) => void) | undefined>;
  /** Ends the timer of the probe that is out. */
  end(): void;
}

/** How long a probe may take, and for how long its failure opens the circuit again. */
export interface ProbeLimits {
  readonly probeMs: number;
  readonly resetAfterMs: number;
}

/**
 * The probes of a half-open circuit. A probe has the place from its claim to its report or its expiry, whatever the state
 * becomes meanwhile. One that expires has failed; if it succeeds after all, that still closes the circuit. Once the circuit
 * has closed, the probes of before say nothing any more.
 */
export function createProbes(circuit: Circuit, fleet: Fleet, limits: ProbeLimits): Probes {
  let probe: Probe | undefined;

  function letGo(mine: Probe): (outcome: ProbeOutcome) => void {
    const { period } = circuit;
    mine.expiry = setTimeout(() => {
      probe = undefined;
      settle(mine.id, period, 'failure');
    }, limits.probeMs).unref();
    return (outcome) => {
      const isLate = probe !== mine;
      clearTimeout(mine.expiry);
      if (!isLate) probe = undefined;
      if (!isLate || outcome === 'success') settle(mine.id, period, outcome);
    };
  }

  function settle(id: string, period: number, outcome: ProbeOutcome): void {
    const isOfNow = period === circuit.period;
    if (isOfNow && outcome === 'success') {
      circuit.close();
      fleet.closed(id);
    } else if (isOfNow && outcome === 'failure' && circuit.state === 'half-open') {
      circuit.open(limits.resetAfterMs);
      fleet.opened(limits.resetAfterMs, id);
    } else {
      fleet.freeProbe(id);
    }
  }

  return {
    async claim() {
      if (probe) return undefined;
      const mine: Probe = { id: randomUUID(), expiry: undefined };
      probe = mine;
      const isGranted = await fleet.claimProbe(mine.id, limits.probeMs);
      if (isGranted && circuit.state === 'half-open') return letGo(mine);
      probe = undefined;
      if (isGranted) fleet.freeProbe(mine.id);
      return undefined;
    },
    end: () => clearTimeout(probe?.expiry),
  };
}

interface Probe {
  readonly id: string;
  expiry: NodeJS.Timeout | undefined;
}
