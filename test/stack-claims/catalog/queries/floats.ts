import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'floats',
  summary: 'A FLOAT64 from its text.',
  parameters: z.object({ text: z.string() }),
  row: z.object({ x: z.number() }),
});
