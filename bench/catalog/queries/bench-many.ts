import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'bench-many',
  summary: 'A hundred thousand rows.',
  parameters: z.object({ batch: z.int() }),
  row: z.object({ n: z.int(), name: z.string(), price: z.number() }),
  policy: {
    freshFor: '1h',
    timeout: '15s',
    maxBytesBilled: '10MB',
    maxRows: 100_000,
    class: 'live',
  },
});
