import { defineQuery, z } from 'punctual';
import { asked, keyed } from './shapes/keyed.ts';

export default defineQuery({
  name: 'bulky',
  summary: 'A row that takes 8 MB and stays fresh: more than the buffers of a connection hold.',
  parameters: asked,
  row: keyed.extend({ text: z.string() }),
  policy: { freshFor: '1h', staleFor: '24h', timeout: '15s', softTimeout: '2s' },
});
