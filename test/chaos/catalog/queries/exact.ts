import { defineQuery, z } from 'punctual';
import { asked, keyed } from './shapes/keyed.ts';

export default defineQuery({
  name: 'exact',
  summary:
    'A row with numbers that can be kept exactly; a word in its key makes one that cannot be kept.',
  parameters: asked,
  row: keyed.extend({ whole: z.int(), part: z.number(), digits: z.string() }),
  policy: { freshFor: '1h', staleFor: '24h', timeout: '15s', softTimeout: '2s' },
});
