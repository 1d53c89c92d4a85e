import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'whole-numbers',
  summary: 'An INT64 that is declared as text.',
  parameters: z.object({ digits: z.string() }),
  row: z.object({ n: z.string() }),
});
