import { constant, defineQuery } from 'punctual';
import { asked, keyed, nobodys } from './shapes/keyed.ts';

export default defineQuery({
  name: 'popular',
  summary:
    'A row that stays fresh, with a constant row to fall back on, and that is still fetched when nobody waits any more.',
  parameters: asked,
  row: keyed,
  policy: {
    freshFor: '1h',
    staleFor: '24h',
    timeout: '15s',
    softTimeout: '2s',
    harvestFor: '60s',
  },
  fallback: constant(nobodys),
});
