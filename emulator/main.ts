import { runEmulator } from './run.ts';

process.exitCode = await runEmulator(process.env);
