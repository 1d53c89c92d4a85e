import { constant, defineQuery, z } from 'punctual';
import { stamped } from './shapes/stamped.ts';

export default defineQuery({
  name: 'malformed-three',
  summary: 'Like steady, and patient with a refresh.',
  parameters: z.object({ key: z.string(), size: z.int().min(1).default(1) }),
  row: stamped,
  policy: { freshFor: '10m', staleFor: '24h', timeout: '5s', softTimeout: '4s' },
  fallback: constant({ key: 'constant', stamp: 'none' }),
});
