import { constant, defineQuery } from 'punctual';
import { asked, keyed, nobodys } from './shapes/keyed.ts';

export default defineQuery({
  name: 'graded-warm',
  summary: 'A row of the class warm that stays fresh, with a constant row to fall back on.',
  parameters: asked,
  row: keyed,
  policy: { freshFor: '1h', staleFor: '24h', timeout: '15s', softTimeout: '2s', class: 'warm' },
  fallback: constant(nobodys),
});
