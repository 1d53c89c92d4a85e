import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'costly',
  summary: 'A scan that may bill less than the least that is billed.',
  parameters: z.object({ key: z.string() }),
  row: z.object({ n: z.int() }),
  policy: { maxBytesBilled: '1KB' },
});
