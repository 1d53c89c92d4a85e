import { defineQuery, limit, z } from 'punctual';

export default defineQuery({
  name: 'flights-worst-routes',
  summary:
    'The routes with the smallest share of flights on time; only routes flown minFlights times.',
  parameters: z.object({
    origin: z.string().length(3).nullable().default(null),
    minFlights: z.int().min(1).default(200),
    limit: limit(1, 100, 10),
  }),
  row: z.object({
    origin: z.string(),
    destination: z.string(),
    miles: z.int(),
    flights: z.int(),
    averageDelayMinutes: z.number(),
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
