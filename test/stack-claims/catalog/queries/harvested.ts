import { constant, defineQuery, z } from 'punctual';
import { stamped } from './shapes/stamped.ts';

export default defineQuery({
  name: 'harvested',
  summary: 'A stamp that may come after its timeout and still fills the cache.',
  parameters: z.object({ key: z.string() }),
  row: stamped,
  policy: { timeout: '2s', softTimeout: '500ms', harvestFor: '20s' },
  fallback: constant({ key: 'constant', stamp: 'none' }),
});
