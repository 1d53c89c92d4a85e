import { constant, defineQuery, from, limit, z } from 'punctual';
import homePopular from './home-popular.ts';
import homeTrending from './home-trending.ts';
import { productCard } from './shapes/product-card.ts';

export default defineQuery({
  name: 'home-recommended',
  summary:
    'What people with the same taste bought and the user has not; score 0 marks popular products that fill the list where nothing is known of the taste.',
  parameters: z.object({ userId: z.int().positive(), limit: limit(1, 50, 4) }),
  row: productCard,
  batch: { by: 'userId' },
  policy: {
    freshFor: '5m',
    revalidateFor: '1h',
    staleFor: '7d',
    staleForClosed: '24h',
    staleForOpen: '3d',
    harvestFor: '60s',
    maxBytesBilled: '1GB',
    class: 'live',
  },
  // Purchases count by whole hours: until the next one an entry is served at once, and refreshed behind the answer.
  warm: { every: '1h', from: { query: 'home-active-users' } },
  fallback: [
    from(homeTrending, ({ limit }: { limit: number }) => ({ limit })),
    from(homePopular, ({ limit }: { limit: number }) => ({ limit })),
    constant(),
  ],
});
