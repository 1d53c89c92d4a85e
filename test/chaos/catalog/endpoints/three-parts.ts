import { ask, defineEndpoint, z } from 'punctual';
import backed from '../queries/backed.ts';
import lasting from '../queries/lasting.ts';
import plain from '../queries/plain.ts';

export default defineEndpoint({
  path: '/three-parts',
  summary: 'Three parts with the same key: every row of the answer carries it.',
  parameters: z.object({ key: z.string() }),
  parts: {
    plain: ({ key }) => ask(plain, { key }),
    backed: ({ key }) => ask(backed, { key }),
    lasting: ({ key }) => ask(lasting, { key }),
  },
});
