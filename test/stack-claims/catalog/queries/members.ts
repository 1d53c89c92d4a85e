import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'members',
  summary:
    'Rows for many members by one job: 13 makes the job fail, 17 has bad rows, every tenth has none.',
  parameters: z.object({ memberId: z.int().positive(), size: z.int().min(1).max(9).default(2) }),
  row: z.object({ n: z.int().nonnegative(), owner: z.int(), stamp: z.string() }),
  policy: { freshFor: '10m', staleFor: '24h', timeout: '15s' },
  batch: { by: 'memberId' },
});
