import { writeFile } from 'node:fs/promises';
import { supportMatrix } from './support-matrix.ts';

await writeFile(new URL('../../../docs/googlesql.md', import.meta.url), supportMatrix());
