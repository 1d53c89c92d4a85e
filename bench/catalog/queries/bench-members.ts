import { defineQuery, z } from 'punctual';

export default defineQuery({
  name: 'bench-members',
  summary: 'Four rows for each of many members; as many are warmed as BENCH_MEMBERS says.',
  parameters: z.object({ memberId: z.int().positive() }),
  row: z.object({ place: z.int(), name: z.string(), score: z.number() }),
  policy: { freshFor: '1h', timeout: '15s', maxBytesBilled: '10MB' },
  batch: { by: 'memberId' },
  warm: {
    every: '1h',
    from: {
      query: 'bench-everybody',
      parameters: { count: Number(process.env['BENCH_MEMBERS'] ?? 1_000) },
    },
  },
});
