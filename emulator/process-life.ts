/** Resolves when the process is asked to stop: SIGTERM, SIGINT, or the parent at the other end of the IPC channel is gone. */
export function stopRequest(): Promise<void> {
  const asked = Promise.withResolvers<void>();
  for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => asked.resolve());
  process.once('disconnect', () => asked.resolve());
  return asked.promise;
}

/** Tells the parent, if there is one, that the process is ready, and where. */
export function announceReady(addresses: Readonly<Record<string, string>>): void {
  tellParent({ ready: true, addresses });
}

/** Tells the parent how far the preparation is. */
export function announceProgress(line: string): void {
  tellParent({ progress: line });
}

/** Lets go of the parent, so that the channel does not keep the process alive. */
export function leaveParent(): void {
  if (process.connected) process.disconnect();
}

function tellParent(message: object): void {
  if (process.connected) process.send?.(message);
}
