import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'sold-by-time',
  summary: 'Counts what was sold; fresh by time alone.',
  parameters: z.object({ atLeast: z.int().default(0) }),
  row: z.object({ lines: z.int() }),
});
