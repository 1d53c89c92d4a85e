import { constant, defineQuery, from, limit, z } from 'punctual';
import homeNewArrivals from './home-new-arrivals.ts';
import homePopular from './home-popular.ts';
import { productCard } from './shapes/product-card.ts';

export default defineQuery({
  name: 'home-new-in-favourites',
  summary:
    'The newest products, not yet bought by the user, of the three categories the user bought most from of late; score 0 marks what fills the list from other categories.',
  parameters: z.object({ userId: z.int().positive(), limit: limit(1, 50, 4) }),
  row: productCard,
  batch: { by: 'userId' },
  policy: {
    freshFor: '15m',
    revalidateFor: '6h',
    staleFor: '7d',
    staleForClosed: '2d',
    staleForOpen: '4d',
    harvestFor: '60s',
    maxBytesBilled: '500MB',
    class: 'live',
  },
  // Purchases count by whole hours: until the next one an entry is served at once, and refreshed behind the answer.
  warm: { every: '1h', from: { query: 'home-active-users' } },
  fallback: [
    from(homeNewArrivals, ({ limit }: { limit: number }) => ({ limit })),
    from(homePopular, ({ limit }: { limit: number }) => ({ limit })),
    constant(),
  ],
});
