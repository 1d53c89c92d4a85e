import { Counter, type CounterConfiguration, type Registry } from 'prom-client';

/** A counter whose series are looked up once by whoever counts often. */
export interface Tally<Label extends string> {
  /** The series of these labels, to be held on to. */
  of(labels: Readonly<Record<Label, string>>): Cell;
}

/** One series of a tally. */
export interface Cell {
  /** One more, or so many. */
  add(count?: number): void;
}

/** A counter in the registry; what was added reaches it when it is looked at. */
export function createTally<Label extends string>(
  register: Registry,
  options: Pick<CounterConfiguration<Label>, 'name' | 'help'> & {
    readonly labelNames: readonly Label[];
    /** Called before it is looked at: what has been counted elsewhere is added now. */
    readonly settle?: () => void;
  },
): Tally<Label> {
  const cells = new Map<string, { labels: Readonly<Record<Label, string>>; added: number }>();
  const { name, help, labelNames, settle } = options;
  const counter = new Counter<Label>({
    name,
    help,
    labelNames: [...labelNames],
    registers: [register],
    collect() {
      settle?.();
      for (const cell of cells.values()) {
        if (cell.added > 0) counter.inc({ ...cell.labels }, cell.added);
        cell.added = 0;
      }
    },
  });
  return {
    of(labels) {
      const key = labelNames.map((label) => labels[label]).join('\0');
      const known = cells.get(key) ?? { labels, added: 0 };
      cells.set(key, known);
      return { add: (count = 1) => void (known.added += count) };
    },
  };
}
