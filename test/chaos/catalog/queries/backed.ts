import { constant, defineQuery } from 'punctual';
import { asked, keyed, nobodys } from './shapes/keyed.ts';

export default defineQuery({
  name: 'backed',
  summary:
    'A row that is fresh for a second and stale from then on, with a constant row to fall back on.',
  parameters: asked,
  row: keyed,
  policy: { freshFor: '1s', staleFor: '1h', timeout: '15s', softTimeout: '2s' },
  fallback: constant(nobodys),
});
