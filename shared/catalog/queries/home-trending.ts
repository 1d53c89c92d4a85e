import { constant, defineQuery, from, limit, z } from 'punctual';
import homePopular from './home-popular.ts';
import { productCard } from './shapes/product-card.ts';

export default defineQuery({
  name: 'home-trending',
  summary:
    'Products whose sales of the last 7 days exceed most what the 8 weeks before let expect; the score is that surplus in standard deviations.',
  parameters: z.object({ limit: limit(1, 50, 4) }),
  row: productCard,
  policy: {
    freshFor: '15m',
    revalidateFor: '2h',
    staleFor: '7d',
    staleForClosed: '24h',
    staleForOpen: '3d',
    harvestFor: '60s',
    maxBytesBilled: '500MB',
    class: 'live',
  },
  // The shelf as the home page shows it, and as its longer forms do.
  warm: { sets: [{}, { limit: 8 }, { limit: 12 }] },
  fallback: [from(homePopular, ({ limit }: { limit: number }) => ({ limit })), constant()],
});
