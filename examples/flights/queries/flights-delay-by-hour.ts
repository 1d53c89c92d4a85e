import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'flights-delay-by-hour',
  summary:
    'Delay and punctuality of US flights by hour of departure, from all airports or from one.',
  parameters: z.object({ origin: z.string().length(3).nullable().default(null) }),
  row: z.object({
    hour: z.int().min(0).max(23),
    flights: z.int(),
    averageDelayMinutes: z.number(),
    onTimePercent: z.number(),
    medianDelayMinutes: z.int(),
    p90DelayMinutes: z.int(),
  }),
  policy: {
    freshFor: '24h',
    freshWhile: 'tables-unchanged',
    staleFor: '30d',
    maxBytesBilled: '1GB',
    class: 'analyst',
  },
});
