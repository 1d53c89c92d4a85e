import { ask, defineEndpoint, limit, z } from 'punctual';
import numbered from '../queries/numbered.ts';

export default defineEndpoint({
  path: '/numbered-pages',
  summary: 'Numbers in pages over one snapshot.',
  parameters: z.object({
    key: z.string(),
    size: z.int().min(0).max(1_000).default(25),
    limit: limit(1, 100, 10),
    cursor: z.string().optional(),
  }),
  parts: { numbers: ({ key, size }) => ask(numbered, { key, size }) },
  page: { part: 'numbers' },
});
