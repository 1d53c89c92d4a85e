/** What `npm run chaos -- --help` prints. */
export const helpText = `Breaks Punctual on purpose, one row of the fault matrix after another, and judges what callers notice.

  npm run chaos -- [row …] [--quick] [--list] [--json]
  npm run chaos -- soak [--seed=N] [--minutes=10] [--quick]

  row        W1 for all its variants, W1a for one; every row when left out
  --quick    only the rows of the quick set, with patience for a busy machine; the report stays as it is
  --list     the rows there are
  --json     the results as JSON on standard output

  soak       a mixed load with random faults for so many minutes, and a check of the recorded history; the same seed gives
             the same faults in the same order

Without --quick times and memory are judged strictly, and docs/reliability.json and docs/reliability.md are brought up to
date. The exit code is 1 when a row fails and 2 for an unknown row or flag.`;
