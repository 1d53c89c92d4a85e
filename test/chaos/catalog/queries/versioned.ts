import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineQuery, z } from 'punctual';
import { asked, keyed } from './shapes/keyed.ts';

const release = readRelease();
const rows = {
  1: keyed.extend({ part: z.int() }),
  // A column retyped, and one added.
  2: keyed.extend({ part: z.string(), note: z.string() }),
};

/** Three rows that say in their stamps which release of the query made them. */
export default defineQuery({
  name: 'versioned',
  summary: 'Three rows whose columns depend on the release that a process has started with.',
  parameters: asked,
  row: rows[release],
  policy: { freshFor: '1h', staleFor: '24h', timeout: '15s', softTimeout: '2s' },
  transform: (made) => made.map((row) => ({ ...row, stamp: `${release}:${row.stamp}` })),
});

function readRelease(): 1 | 2 {
  try {
    const lever = join(process.env['CHAOS_LEVERS'] ?? '', 'release');
    return readFileSync(lever, 'utf8').trim() === '2' ? 2 : 1;
  } catch {
    return 1;
  }
}
