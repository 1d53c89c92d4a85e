import { constant, defineQuery, z } from 'punctual';
import { stamped } from './shapes/stamped.ts';

export default defineQuery({
  name: 'malformed-two',
  summary: 'Like steady, with a constant row to fall back on.',
  parameters: z.object({ key: z.string(), size: z.int().min(1).default(1) }),
  row: stamped,
  policy: { freshFor: '10m', staleFor: '24h', timeout: '5s', softTimeout: '500ms' },
  fallback: constant({ key: 'constant', stamp: 'none' }),
});
