import { defineQuery, z } from 'punctual';
import { stamped } from './shapes/stamped.ts';

export default defineQuery({
  name: 'warmed-listed',
  summary: 'A stamp that is new with every run, for the keys that another query lists.',
  parameters: z.object({ key: z.string(), size: z.int().min(1).default(1) }),
  row: stamped,
  policy: { freshFor: '10m', staleFor: '24h', timeout: '5s' },
  warm: { every: '1m', from: { query: 'warming-keys', parameters: { most: 12 } } },
});
