import { readConfig } from '../shared/config.ts';
import { runRole } from '../shared/role-process.ts';
import { startWorker } from './start-worker.ts';

await runRole('worker', () => startWorker(readConfig(process.env)));
