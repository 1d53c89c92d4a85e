import { constant, defineQuery, limit, z } from 'punctual';

export default defineQuery({
  name: 'home-active-users',
  summary:
    'The users who were most active on the site in the last 30 days: those whose home page is worth having ready.',
  parameters: z.object({ limit: limit(1, 10_000, 1_000) }),
  row: z.object({ userId: z.int().positive(), events: z.int() }),
  policy: {
    freshFor: '30m',
    revalidateFor: '6h',
    staleFor: '7d',
    harvestFor: '60s',
    maxBytesBilled: '1GB',
    class: 'warm',
  },
  fallback: constant(),
});
