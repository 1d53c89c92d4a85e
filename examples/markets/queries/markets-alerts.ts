import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'markets-alerts',
  summary:
    'Weeks or months whose average S&P 500 close moved against the four before, with volume and a z-score; largest change first.',
  parameters: z.object({
    period: z.enum(['week', 'month']).default('week'),
    minChangePercent: z.number().min(0).default(5),
    direction: z.enum(['any', 'up', 'down']).default('any'),
    fromDay: z.iso.date().default('2000-01-01'),
  }),
  row: z.object({
    firstDay: z.iso.date(),
    /** Trading days in the window. */
    days: z.int(),
    closeNow: z.number(),
    closeBefore: z.number(),
    changePercent: z.number(),
    direction: z.enum(['up', 'down']),
    volumeNow: z.int(),
    volumeBefore: z.number(),
    /** Standard deviations between the average close and the mean of the four averages before. */
    zScore: z.number().nullable(),
  }),
  policy: {
    freshFor: '1h',
    revalidateFor: '23h',
    staleFor: '30d',
    maxBytesBilled: '100MB',
    class: 'analyst',
  },
});
