import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'sold-in-all',
  summary: 'Counts what was sold; fresh for as long as no sale is added.',
  parameters: z.object({ atLeast: z.int().default(0) }),
  row: z.object({ lines: z.int(), units: z.int() }),
  policy: { freshFor: '2s', freshWhile: 'tables-unchanged' },
});
