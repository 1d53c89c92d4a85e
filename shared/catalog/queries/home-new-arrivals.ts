import { constant, defineQuery, from, limit, z } from 'punctual';
import homePopular from './home-popular.ts';
import { productCard } from './shapes/product-card.ts';

export default defineQuery({
  name: 'home-new-arrivals',
  summary:
    'Products that reached an inventory for the first time most recently; the score is 1 for the newest and halves every 180 days.',
  parameters: z.object({ limit: limit(1, 50, 4) }),
  row: productCard,
  policy: {
    freshFor: '1h',
    revalidateFor: '12h',
    staleFor: '7d',
    staleForClosed: '3d',
    harvestFor: '60s',
    maxBytesBilled: '500MB',
    class: 'live',
  },
  // The shelf as the home page shows it, and as its longer forms do.
  warm: { sets: [{}, { limit: 8 }, { limit: 12 }] },
  fallback: [from(homePopular, ({ limit }: { limit: number }) => ({ limit })), constant()],
});
