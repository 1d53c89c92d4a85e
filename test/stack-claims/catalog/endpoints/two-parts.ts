import { ask, defineEndpoint, z } from 'punctual';
import bare from '../queries/bare.ts';
import steady from '../queries/steady.ts';

export default defineEndpoint({
  path: '/two-parts',
  summary: 'Two parts that have entries of their own.',
  parameters: z.object({ key: z.string() }),
  parts: {
    bare: ({ key }) => ask(bare, { key }),
    steady: ({ key }) => ask(steady, { key }),
  },
});
