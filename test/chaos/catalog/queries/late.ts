import { defineQuery } from 'punctual';
import { asked, keyed } from './shapes/keyed.ts';

export default defineQuery({
  name: 'late',
  summary: 'A row that stays fresh, and is waited for after its callers have gone.',
  parameters: asked,
  row: keyed,
  policy: {
    freshFor: '1h',
    staleFor: '24h',
    timeout: '15s',
    softTimeout: '2s',
    harvestFor: '60s',
  },
});
