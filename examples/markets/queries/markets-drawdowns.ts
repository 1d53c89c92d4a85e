import { defineQuery, limit, z } from 'punctual';

export default defineQuery({
  name: 'markets-drawdowns',
  summary: 'The deepest falls of the S&P 500 from a record close, and when each was made up for.',
  parameters: z.object({
    minDepthPercent: z.number().min(0).max(100).default(5),
    limit: limit(1, 500, 10),
  }),
  row: z.object({
    peakDay: z.iso.date(),
    troughDay: z.iso.date(),
    /** The first close above the record; null while there is none. */
    recoveredDay: z.iso.date().nullable(),
    peakClose: z.number(),
    troughClose: z.number(),
    depthPercent: z.number(),
    /** Trading days below the record. */
    daysBelow: z.int(),
  }),
  policy: {
    freshFor: '1h',
    revalidateFor: '23h',
    staleFor: '30d',
    maxBytesBilled: '100MB',
    class: 'analyst',
  },
});
