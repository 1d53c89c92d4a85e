import { defineQuery } from 'punctual';
import { asked, keyed } from './shapes/keyed.ts';

export default defineQuery({
  name: 'nothing',
  summary: 'No rows at all, which is an answer like any other.',
  parameters: asked,
  row: keyed,
  policy: { freshFor: '1h', staleFor: '24h', timeout: '15s', softTimeout: '2s' },
});
