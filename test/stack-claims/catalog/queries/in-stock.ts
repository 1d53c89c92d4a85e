import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'in-stock',
  summary: 'Counts what is there; fresh for as long as the stock is as it was.',
  parameters: z.object({ atLeast: z.int().default(0) }),
  row: z.object({ pieces: z.int() }),
  policy: { freshWhile: 'tables-unchanged' },
});
