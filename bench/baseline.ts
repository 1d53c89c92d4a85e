import { publishBaseline } from './publish/publish-baseline.ts';

process.exitCode = await publishBaseline(process.argv.slice(2));
