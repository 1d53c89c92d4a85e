import { runStart } from './run-start.ts';

process.exitCode = await runStart({ args: process.argv.slice(2), env: process.env });
