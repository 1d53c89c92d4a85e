import { defineQuery } from 'punctual';
import { asked, keyed } from './shapes/keyed.ts';

export default defineQuery({
  name: 'lasting',
  summary: 'A row that stays fresh for longer than any row of the matrix takes.',
  parameters: asked,
  row: keyed,
  policy: { freshFor: '1h', staleFor: '24h', timeout: '15s', softTimeout: '2s' },
});
