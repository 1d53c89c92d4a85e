import { defineQuery, limit, z } from 'punctual';

export default defineQuery({
  name: 'flights-worst-days',
  summary: 'The days with the highest average delay; only days with at least 10 flights.',
  parameters: z.object({
    origin: z.string().length(3).nullable().default(null),
    limit: limit(1, 100, 10),
  }),
  row: z.object({
    day: z.iso.date(),
    flights: z.int(),
    averageDelayMinutes: z.number(),
    hourLateFlights: z.int(),
    onTimePercent: z.number(),
  }),
  policy: {
    freshFor: '24h',
    freshWhile: 'tables-unchanged',
    staleFor: '30d',
    maxBytesBilled: '1GB',
    class: 'analyst',
  },
});
