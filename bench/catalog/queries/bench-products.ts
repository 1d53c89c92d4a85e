import { defineQuery, limit, z } from 'punctual';

export default defineQuery({
  name: 'bench-products',
  summary:
    'Products in the order of their ids: real text, in an answer as large as it is asked to be.',
  parameters: z.object({ limit: limit(1, 500, 13) }),
  row: z.object({
    productId: z.int(),
    name: z.string(),
    brand: z.string(),
    category: z.string(),
    department: z.string(),
    price: z.number(),
  }),
  policy: { freshFor: '1h', timeout: '15s', maxBytesBilled: '500MB', class: 'live' },
});
