import { defineQuery, z } from 'punctual';
import { stamped } from './shapes/stamped.ts';

export default defineQuery({
  name: 'unchanging',
  summary: 'A count that is fresh for as long as the tables of its query are seen unchanged.',
  parameters: z.object({ key: z.string() }),
  row: stamped,
  policy: {
    freshFor: '10m',
    freshWhile: 'tables-unchanged',
    freshAtMost: '2h',
    staleFor: '24h',
    timeout: '10s',
  },
});
