import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'numbered',
  summary: 'Numbers from 1, each with a stamp that is new with every run.',
  parameters: z.object({ key: z.string(), size: z.int().min(0).max(1_000) }),
  row: z.object({ n: z.int(), stamp: z.string() }),
  policy: { freshFor: '10m', staleFor: '24h', timeout: '10s' },
});
