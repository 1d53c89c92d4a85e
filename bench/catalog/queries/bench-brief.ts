import { constant, defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'bench-brief',
  summary: 'The number that it is given: stale after a second, and 0 where nothing is known.',
  parameters: z.object({ n: z.int() }),
  row: z.object({ n: z.int() }),
  policy: {
    freshFor: '1s',
    staleFor: '24h',
    timeout: '2s',
    softTimeout: '1s',
    maxBytesBilled: '10MB',
    class: 'live',
  },
  fallback: constant({ n: 0 }),
});
