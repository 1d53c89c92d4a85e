/** For so long nothing need happen on a connection: longer than a load balancer's idle time, and than any answer takes. */
export const SILENT_MS = 76_000;

/** What a client is told of it: less, so that it does not ask in the moment in which the connection is closed. */
export const KEEP_ALIVE = ['Keep-Alive', `timeout=${SILENT_MS / 1_000 - 1}`] as const;
