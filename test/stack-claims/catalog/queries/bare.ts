import { defineQuery, z } from 'punctual';
import { stamped } from './shapes/stamped.ts';

export default defineQuery({
  name: 'bare',
  summary: 'A stamp that is new with every run, with nothing to fall back on.',
  parameters: z.object({ key: z.string() }),
  row: stamped,
  policy: { freshFor: '10m', staleFor: '24h', timeout: '10s', softTimeout: '8s' },
});
