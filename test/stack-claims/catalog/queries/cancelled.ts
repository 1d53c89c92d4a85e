import { constant, defineQuery, z } from 'punctual';
import { stamped } from './shapes/stamped.ts';

export default defineQuery({
  name: 'cancelled',
  summary: 'A stamp whose run is cancelled at its timeout.',
  parameters: z.object({ key: z.string() }),
  row: stamped,
  policy: { timeout: '3s', softTimeout: '500ms' },
  fallback: constant({ key: 'constant', stamp: 'none' }),
});
