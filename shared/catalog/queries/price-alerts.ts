import { defineQuery, from, z } from 'punctual';

const name = 'price-alerts';
const parameters = z.object({
  by: z.enum(['product', 'brand', 'category']).default('product'),
  window: z.enum(['1d', '7d', '14d', '28d']).default('7d'),
  minChangePercent: z.number().min(0).default(10),
  direction: z.enum(['any', 'up', 'down']).default('any'),
  minUnits: z.int().min(1).max(10_000).default(3),
  category: z.string().min(1).max(200).nullable().default(null),
  brand: z.string().min(1).max(200).nullable().default(null),
});
const OTHER_WINDOW = { '1d': '7d', '7d': '14d', '14d': '28d', '28d': '14d' } as const;

export default defineQuery({
  name,
  summary:
    'Products, brands or categories whose average selling price moved against the four windows before, with a z-score; only where both sides sold at least minUnits (default 3). Largest change first, 5,000 at most.',
  parameters,
  row: z.object({
    /** The product's id as text, the brand or the category. */
    key: z.string(),
    productId: z.int().nullable(),
    name: z.string(),
    brand: z.string().nullable(),
    category: z.string().nullable(),
    window: z.enum(['1d', '7d', '14d', '28d']),
    /** Average selling price in US dollars within the window, and of all units sold in the four windows before. */
    priceNow: z.number(),
    priceBefore: z.number(),
    changePercent: z.number(),
    direction: z.enum(['up', 'down']),
    unitsNow: z.int(),
    unitsBefore: z.int(),
    /** Standard deviations between the price now and the mean of the four windows' averages. */
    zScore: z.number().nullable(),
  }),
  policy: {
    freshFor: '15m',
    revalidateFor: '45m',
    staleFor: '7d',
    staleForClosed: '24h',
    staleForOpen: '3d',
    harvestFor: '2m',
    maxBytesBilled: '1GB',
    class: 'analyst',
  },
  // What an analyst sees who has not chosen anything yet, and what several have chosen of late.
  warm: { sets: [{}], learned: 20 },
  // The same question over another window, and each row names its window. Constant rows would say "no price has moved".
  fallback: from({ name, parameters }, (asked: z.output<typeof parameters>) => ({
    ...asked,
    window: OTHER_WINDOW[asked.window],
  })),
});
