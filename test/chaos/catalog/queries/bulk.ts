import { defineQuery, z } from 'punctual';
import { asked, keyed } from './shapes/keyed.ts';

export default defineQuery({
  name: 'bulk',
  summary: 'As many rows, and as wide ones, as a word in the key says: -many-, -wide-, or a few.',
  parameters: asked,
  row: keyed.extend({ filler: z.string() }),
  policy: { freshFor: '1h', staleFor: '24h', timeout: '15s', softTimeout: '2s', maxRows: 10_000 },
});
