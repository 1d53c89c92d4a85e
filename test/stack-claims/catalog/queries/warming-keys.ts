import { defineQuery, limit, z } from 'punctual';

export default defineQuery({
  name: 'warming-keys',
  summary: 'Keys to warm, one of which is none.',
  parameters: z.object({ most: limit(1, 1_000, 3) }),
  row: z.object({ key: z.string().nullable(), rank: z.int() }),
  policy: { freshFor: '10m', staleFor: '24h', timeout: '5s' },
});
