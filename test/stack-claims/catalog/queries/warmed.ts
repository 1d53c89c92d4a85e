import { defineQuery, z } from 'punctual';
import { stamped } from './shapes/stamped.ts';

export default defineQuery({
  name: 'warmed',
  summary: 'A stamp that is new with every run, for three keys that are declared.',
  parameters: z.object({ key: z.string(), size: z.int().min(1).default(1) }),
  row: stamped,
  policy: { freshFor: '10m', staleFor: '24h', timeout: '5s' },
  warm: { every: '1m', sets: [{ key: 'a' }, { key: 'b' }, { key: 'c', size: 2 }] },
});
