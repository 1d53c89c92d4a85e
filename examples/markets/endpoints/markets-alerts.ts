import { ask, defineEndpoint, limit, z } from 'punctual';
import marketsAlerts from '../queries/markets-alerts.ts';

export default defineEndpoint({
  path: '/markets/alerts',
  summary: 'Weeks or months in which the S&P 500 moved, largest change first, in pages.',
  parameters: z.object({
    period: z.enum(['week', 'month']).default('week'),
    minChangePercent: z.number().min(0).default(5),
    direction: z.enum(['any', 'up', 'down']).default('any'),
    fromDay: z.iso.date().default('2000-01-01'),
    limit: limit(1, 500, 50),
    cursor: z.string().optional(),
  }),
  parts: {
    alerts: ({ limit: _pageSize, cursor: _cursor, ...asked }) => ask(marketsAlerts, asked),
  },
  page: { part: 'alerts' },
});
