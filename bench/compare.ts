import { runCompare } from './comparison/run-compare.ts';

process.exitCode = await runCompare(process.argv.slice(2));
