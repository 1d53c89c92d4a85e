import { defineQuery } from 'punctual';
import { asked, keyed } from './shapes/keyed.ts';
import { suffer } from './shapes/suffer.ts';

export default defineQuery({
  name: 'hostile',
  summary:
    'A row that stays fresh; a word in its key says what becomes of the thread that shapes it.',
  parameters: asked,
  row: keyed,
  policy: { freshFor: '1h', staleFor: '24h', timeout: '15s', softTimeout: '2s' },
  transform(rows) {
    for (const { key } of rows) suffer(key);
    return rows;
  },
});
