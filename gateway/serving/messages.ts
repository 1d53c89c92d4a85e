import type { Registry } from 'prom-client';

/** A query as the supervisor knows it. */
export interface ServedQuery {
  readonly name: string;
  readonly version: string;
  readonly staleForMs: number;
}

/** What a serving process and its supervisor say to each other over IPC, beside what Node.js and the metrics say. */
export type ServingMessage =
  | { readonly kind: 'ready'; readonly address: string }
  | { readonly kind: 'serves'; readonly queries: readonly ServedQuery[] }
  | { readonly kind: 'beat' }
  | { readonly kind: 'metrics'; readonly metrics: readonly object[] };

/** The question after a sign of life. */
export const BEAT_QUESTION = { punctual: 'beat?' } as const;
/** The question after all metrics. */
export const METRICS_QUESTION = { punctual: 'metrics?' } as const;

/** Says which queries are served. */
export function sayServes(queries: readonly ServedQuery[]): void {
  process.send?.({ punctual: 'serves', queries });
}

/** Answers every question of the supervisor for as long as the event loop turns. */
export function answerQuestions(register: Registry): void {
  // The callback takes the error of a channel that closes meanwhile.
  const say = (said: object) => process.connected && process.send?.(said, () => undefined);
  process.on('message', (message: unknown) => {
    switch (wordOf(message)) {
      case BEAT_QUESTION.punctual:
        say({ punctual: 'beat' });
        break;
      case METRICS_QUESTION.punctual:
        register.getMetricsAsJSON().then(
          (metrics) => say({ punctual: 'metrics', metrics }),
          () => undefined,
        );
        break;
      default:
    }
  });
}

/** Reads what a serving process said; undefined for what others say over the same channel. */
export function parseServingMessage(message: unknown): ServingMessage | undefined {
  const { ready, addresses, queries, metrics } = (message ?? {}) as Record<string, unknown>;
  if (ready === true) {
    const { gateway } = (addresses ?? {}) as Record<string, unknown>;
    return { kind: 'ready', address: String(gateway) };
  }
  switch (wordOf(message)) {
    case 'serves':
      return { kind: 'serves', queries: Array.isArray(queries) ? queries.map(servedQuery) : [] };
    case 'beat':
      return { kind: 'beat' };
    case 'metrics':
      return { kind: 'metrics', metrics: Array.isArray(metrics) ? metrics : [] };
    default:
      return undefined;
  }
}

function servedQuery(said: unknown): ServedQuery {
  const { name, version, staleForMs } = (said ?? {}) as Record<string, unknown>;
  return { name: String(name), version: String(version), staleForMs: Number(staleForMs) };
}

function wordOf(message: unknown): unknown {
  return typeof message === 'object' && message !== null && 'punctual' in message
    ? message.punctual
    : undefined;
}
