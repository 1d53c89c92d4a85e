/** Tells when the user wants the command to end. */
export interface StopRequest {
  /** Aborts at the first request. */
  readonly signal: AbortSignal;
  /** Resolves at the first request. */
  readonly asked: Promise<void>;
  /** Gives the signals back to the process. */
  dispose(): void;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Listens for Ctrl-C and its relatives; `onInsist` is called for every request after the first. */
export function listenForStop(onInsist: () => void): StopRequest {
  const controller = new AbortController();
  const asked = Promise.withResolvers<void>();
  const ask = () => {
    if (controller.signal.aborted) return onInsist();
    controller.abort(new Error('asked to stop'));
    asked.resolve();
  };
  for (const name of signals) process.on(name, ask);
  return {
    signal: controller.signal,
    asked: asked.promise,
    dispose: () => {
      for (const name of signals) process.off(name, ask);
    },
  };
}
