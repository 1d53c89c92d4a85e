import { defineQuery, z } from 'punctual';
import { stamped } from './shapes/stamped.ts';

export default defineQuery({
  name: 'warmed-briskly',
  summary: 'A stamp that does not stay fresh for long.',
  parameters: z.object({ key: z.string(), size: z.int().min(1).default(1) }),
  row: stamped,
  policy: { freshFor: '13s', staleFor: '24h', timeout: '5s' },
  warm: { every: '10s', sets: [{ key: 'a' }, { key: 'b' }] },
});
