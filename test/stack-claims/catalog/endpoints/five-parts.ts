import { ask, defineEndpoint, z } from 'punctual';
import patient from '../queries/patient.ts';

export default defineEndpoint({
  path: '/five-parts',
  summary: 'Five parts that can be slow side by side.',
  parameters: z.object({ key: z.string() }),
  parts: {
    first: ({ key }) => ask(patient, { key: `${key} 1` }),
    second: ({ key }) => ask(patient, { key: `${key} 2` }),
    third: ({ key }) => ask(patient, { key: `${key} 3` }),
    fourth: ({ key }) => ask(patient, { key: `${key} 4` }),
    fifth: ({ key }) => ask(patient, { key: `${key} 5` }),
  },
});
