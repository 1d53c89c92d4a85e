import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'bench-echo',
  summary: 'The number that it is given.',
  parameters: z.object({ n: z.int() }),
  row: z.object({ n: z.int() }),
  policy: { freshFor: '1h', timeout: '15s', maxBytesBilled: '10MB', class: 'live' },
});
