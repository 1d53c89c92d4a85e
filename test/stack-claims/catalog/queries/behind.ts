import { defineQuery, z } from 'punctual';
import { stamped } from './shapes/stamped.ts';

export default defineQuery({
  name: 'behind',
  summary:
    'A stamp that is served for an hour past its fresh bound and refreshed behind the answer.',
  parameters: z.object({ key: z.string() }),
  row: stamped,
  policy: { freshFor: '10m', revalidateFor: '1h', staleFor: '24h', timeout: '10s' },
});
