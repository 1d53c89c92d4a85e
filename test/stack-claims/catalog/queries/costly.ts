import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'costly',
  summary: 'A scan that may bill not bill a thing.',
  parameters: z.object({ key: z.string() }),
  row: z.object({ n: z.int() }),
  policy: { maxBytesBilled: '1B' },
});
