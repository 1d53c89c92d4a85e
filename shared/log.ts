import { type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** The structured log of one process, on standard output; `role` is part of every line. */
export function createLogger(role: string, level: string): Logger {
  return pino({
    level,
    base: { role, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
}
