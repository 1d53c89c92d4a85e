import { defineQuery } from 'punctual';
import { asked, keyed } from './shapes/keyed.ts';

export default defineQuery({
  name: 'control',
  summary: 'What the control group asks for: no fault is ever meant for it.',
  parameters: asked,
  row: keyed,
  policy: { freshFor: '6h', staleFor: '24h', timeout: '15s', softTimeout: '2s' },
});
