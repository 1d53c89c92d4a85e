import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'markets-volatility',
  summary: 'Annualised 21-day volatility of the S&P 500 at the end of each month.',
  parameters: z.object({
    fromDay: z.iso.date().default('2000-01-01'),
    toDay: z.iso.date().default('2099-12-31'),
  }),
  row: z.object({ day: z.iso.date(), volatilityPercent: z.number() }),
  policy: {
    freshFor: '1h',
    revalidateFor: '23h',
    staleFor: '30d',
    maxBytesBilled: '100MB',
    class: 'analyst',
  },
});
