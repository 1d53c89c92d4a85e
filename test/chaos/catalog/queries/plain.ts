import { defineQuery } from 'punctual';
import { asked, keyed } from './shapes/keyed.ts';

export default defineQuery({
  name: 'plain',
  summary: 'A row that is fresh for a second and stale from then on, with nothing to fall back on.',
  parameters: asked,
  row: keyed,
  policy: { freshFor: '1s', staleFor: '1h', timeout: '15s', softTimeout: '2s' },
});
