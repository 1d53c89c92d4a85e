const STATES = ['closed', 'half-open', 'open'] as const;

/** The state of every breaker by its name, the worst of all processes, out of the text that the metrics of all are. */
export function breakersIn(metrics: string): ReadonlyMap<string, string> {
  const lines = metrics.matchAll(/^punctual_breaker_state\{breaker="([^"]+)"\} (\d)$/gm);
  return new Map(
    [...lines].map(([, name = '', level]) => [name, STATES[Number(level)] ?? 'unknown']),
  );
}
