import { aggregates } from './cases/aggregates.ts';
import { arrays } from './cases/arrays.ts';
import { dates } from './cases/dates.ts';
import { json } from './cases/json.ts';
import { numbers } from './cases/numbers.ts';
import { parameters } from './cases/parameters.ts';
import { queries } from './cases/queries.ts';
import { refusals } from './cases/refusals.ts';
import { strings } from './cases/strings.ts';
import { windows } from './cases/windows.ts';
import { writes } from './cases/writes.ts';
import type { Topic } from './corpus-case.ts';

/** Every statement that the emulator is held to, by topic. */
export const corpus: readonly Topic[] = [
  queries,
  parameters,
  aggregates,
  windows,
  arrays,
  dates,
  strings,
  numbers,
  json,
  writes,
  refusals,
];
