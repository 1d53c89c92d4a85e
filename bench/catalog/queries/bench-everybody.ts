import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'bench-everybody',
  summary: 'The ids of so many members.',
  parameters: z.object({ count: z.int().min(1).max(100_000) }),
  row: z.object({ memberId: z.int() }),
  policy: { freshFor: '1h', timeout: '15s', maxBytesBilled: '10MB', maxRows: 100_000 },
});
