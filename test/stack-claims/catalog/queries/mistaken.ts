import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'mistaken',
  summary: 'SQL that the warehouse refuses.',
  parameters: z.object({ key: z.string() }),
  row: z.object({ n: z.int() }),
});
