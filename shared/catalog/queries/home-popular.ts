import { constant, defineQuery, limit, z } from 'punctual';
import { productCard } from './shapes/product-card.ts';

export default defineQuery({
  name: 'home-popular',
  summary: 'Products that most different people bought in the last 28 days; the score counts them.',
  parameters: z.object({ limit: limit(1, 50, 4) }),
  row: productCard,
  policy: {
    freshFor: '30m',
    revalidateFor: '6h',
    staleFor: '7d',
    harvestFor: '60s',
    maxBytesBilled: '500MB',
    class: 'live',
  },
  warm: { sets: [{}, { limit: 8 }, { limit: 12 }] },
  // A shelf that nothing is known for is left out of the page.
  fallback: constant(),
});
