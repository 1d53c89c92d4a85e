import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'crowded',
  summary: 'More rows than it may have, once size is above 5.',
  parameters: z.object({ size: z.int() }),
  row: z.object({ n: z.int() }),
  policy: { maxRows: 5 },
});
