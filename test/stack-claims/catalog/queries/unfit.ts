import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'unfit',
  summary: 'Rows that are not what they are declared to be.',
  parameters: z.object({ key: z.string() }),
  row: z.object({ n: z.int() }),
});
