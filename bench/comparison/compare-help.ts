import { COMPARE_TOLERANCE } from './read-compare-arguments.ts';

/** What `npm run bench:compare -- --help` prints. */
export const compareHelp = `Puts two results of the bench side by side: each median and each figure, and what got worse.

  npm run bench:compare -- <before.json> <after.json> [--shares] [--tolerance=<share>] [--json]

  --shares             only what other machines can be compared with: ratios to bare node:http of the same run, and
                       figures that are ratios or counts
  --tolerance=<share>  how much worse a number may be; ${COMPARE_TOLERANCE} when left out: a time may grow by a tenth, a rate may
                       shrink to 1 / 1.1
  --json               the comparison as JSON on standard output

Judged are Punctual's own numbers by their medians. What peers and the bare server did, ratios that are no figures, and 99th
percentiles are told and not judged. The exit code is 1 when something is worse than the tolerance or a scenario fails that
did not, and 2 for wrong arguments, files that are no results, and results that have nothing in common.`;
