import { defineQuery, z } from 'punctual';
import { stamped } from './shapes/stamped.ts';

export default defineQuery({
  name: 'warmed-learned',
  summary: 'A stamp that is new with every run, for keys that are asked for.',
  parameters: z.object({ key: z.string(), size: z.int().min(1).default(1) }),
  row: stamped,
  policy: { freshFor: '10m', staleFor: '24h', timeout: '5s' },
  warm: { every: '1h', learned: 2 },
});
