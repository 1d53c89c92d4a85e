import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'flights-delay-by-distance',
  summary: 'Delay and punctuality of US flights by distance, in bands of 500 miles.',
  parameters: z.object({ origin: z.string().length(3).nullable().default(null) }),
  row: z.object({
    fromMiles: z.int(),
    toMiles: z.int(),
    flights: z.int(),
    averageDelayMinutes: z.number(),
    /** Sample standard deviation; null for a band of one flight. */
    delayDeviationMinutes: z.number().nullable(),
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
