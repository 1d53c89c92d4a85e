import type { Metric, MetricValue, Registry } from 'prom-client';

/** A histogram's name, help and the one label that tells its series apart. */
export interface DurationsOptions {
  readonly name: string;
  readonly help: string;
  readonly label: string;
  /** Upper bounds of the buckets in seconds, ascending. */
  readonly bucketsSeconds: readonly number[];
  /** Called before it is looked at: what has been counted elsewhere is observed now. */
  readonly settle?: () => void;
}

/** Durations by one label. */
export interface Durations {
  /** The series of a label's value, to be held on to by whoever observes often. */
  of(value: string): Series;
}

/** The durations under one label value. */
export interface Series {
  /** One duration, or so many of the same. */
  observe(ms: number, times?: number): void;
}

/** A line of what the registry shows. */
type Shown = MetricValue<string> & { readonly metricName: string };

interface Counted extends Series {
  readonly counts: readonly number[];
  readonly sumSeconds: number;
}

/**
 * A histogram in the registry. prom-client's own checks and hashes the labels of each value that it observes, which costs as
 * much as a tenth of an answer from memory (decision 0031); here they are looked up once.
 */
export function createDurations(register: Registry, options: DurationsOptions): Durations {
  const { name, help, label, bucketsSeconds, settle } = options;
  const series = new Map<string, Counted>();
  const metric = {
    name,
    help,
    type: 'histogram',
    aggregator: 'sum',
    get: async () => ({ name, help, type: 'histogram', aggregator: 'sum', values: values() }),
    reset: () => series.clear(),
  };
  // The registry asks no more of a metric than this; its types know prom-client's classes only.
  register.registerMetric(metric as unknown as Metric);

  function values(): Shown[] {
    settle?.();
    return [...series].flatMap(([value, { counts, sumSeconds }]) => {
      const labels = { [label]: value };
      let below = 0;
      const shown: Shown[] = [...bucketsSeconds, '+Inf'].map((le, index) => {
        below += counts[index] ?? 0;
        return { metricName: `${name}_bucket`, labels: { le, ...labels }, value: below };
      });
      shown.push(
        { metricName: `${name}_sum`, labels, value: sumSeconds },
        { metricName: `${name}_count`, labels, value: below },
      );
      return shown;
    });
  }
  return {
    of(value) {
      const known = series.get(value);
      if (known) return known;
      const made = createSeries(bucketsSeconds);
      series.set(value, made);
      return made;
    },
  };
}

function createSeries(bucketsSeconds: readonly number[]): Counted {
  const counts = Array.from({ length: bucketsSeconds.length + 1 }, () => 0);
  let sumSeconds = 0;
  return {
    counts,
    get sumSeconds() {
      return sumSeconds;
    },
    observe(ms, times = 1) {
      const seconds = ms / 1_000;
      const index = bucketsSeconds.findIndex((most) => seconds <= most);
      const bucket = index < 0 ? bucketsSeconds.length : index;
      counts[bucket] = (counts[bucket] ?? 0) + times;
      sumSeconds += seconds * times;
    },
  };
}
