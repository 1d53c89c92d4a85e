import { ask, defineEndpoint, limit, z } from 'punctual';
import priceAlerts from '../queries/price-alerts.ts';

export default defineEndpoint({
  path: '/analytics/price-alerts',
  summary:
    'Products, brands or categories whose average selling price in the window moved against the four windows before, largest change first, in pages over one snapshot.',
  parameters: z.object({
    by: z.enum(['product', 'brand', 'category']).default('product'),
    window: z.enum(['1d', '7d', '14d', '28d']).default('7d'),
    minChangePercent: z.number().min(0).default(10),
    direction: z.enum(['any', 'up', 'down']).default('any'),
    minUnits: z.int().min(1).max(10_000).default(3),
    category: z.string().min(1).max(200).optional(),
    brand: z.string().min(1).max(200).optional(),
    limit: limit(1, 500, 50),
    cursor: z.string().optional(),
  }),
  parts: {
    alerts: ({ limit: _pageSize, cursor: _cursor, category, brand, ...asked }) =>
      ask(priceAlerts, { ...asked, category: category ?? null, brand: brand ?? null }),
  },
  page: { part: 'alerts' },
});
