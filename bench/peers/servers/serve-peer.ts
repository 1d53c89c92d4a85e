import type { Server } from 'node:http';

/** No client of the bench is silent for longer. */
const KEEP_ALIVE_MS = 75_000;

/** Listens on any free port, tells the parent where, and ends with the parent or when told to; `close` ends what else is open. */
export function servePeer(server: Server, close: () => unknown = () => undefined): void {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    process.send?.({ ready: true, addresses: { peer: `http://127.0.0.1:${port}` } });
  });
  function stop(): void {
    server.close();
    server.closeAllConnections();
    close();
    process.removeListener('disconnect', stop);
    if (process.connected) process.disconnect();
  }
  process.once('disconnect', stop).once('SIGTERM', stop).once('SIGINT', stop);
}
