import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'safe-numbers',
  summary: 'An INT64 that is declared as a number.',
  parameters: z.object({ digits: z.string() }),
  row: z.object({ n: z.int() }),
});
