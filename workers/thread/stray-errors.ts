import { parentPort } from 'node:worker_threads';

/**
 * Keeps the thread alive when the BigQuery client throws outside its promise, as it does on a reply that it cannot read
 * (HTTP 200 with HTML, a job without `status`). The call itself never settles and runs into the deadline put around it.
 */
export function surviveStrayErrors(): void {
  const report = (error: unknown) => parentPort?.postMessage({ strayError: String(error) });
  process.on('uncaughtException', report);
  process.on('unhandledRejection', report);
}
