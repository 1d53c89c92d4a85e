import { defineQuery, from, z } from 'punctual';
import steady from './steady.ts';
import { stamped } from './shapes/stamped.ts';

export default defineQuery({
  name: 'patient',
  summary: 'A stamp that may take its time, with another query to fall back on.',
  parameters: z.object({ key: z.string() }),
  row: stamped,
  policy: { freshFor: '10m', staleFor: '24h', timeout: '18s', softTimeout: '500ms' },
  fallback: from(steady, ({ key }: { key: string }) => ({ key })),
});
