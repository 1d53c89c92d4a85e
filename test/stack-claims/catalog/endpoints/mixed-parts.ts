import { ask, defineEndpoint, z } from 'punctual';
import bare from '../queries/bare.ts';
import mistaken from '../queries/mistaken.ts';
import steady from '../queries/steady.ts';

export default defineEndpoint({
  path: '/mixed-parts',
  summary: 'Parts that end in different ways.',
  parameters: z.object({ key: z.string() }),
  parts: {
    bare: ({ key }) => ask(bare, { key }),
    steady: ({ key }) => ask(steady, { key }),
    mistaken: ({ key }) => ask(mistaken, { key }),
  },
});
