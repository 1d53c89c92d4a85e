import { ask, defineEndpoint, limit, z } from 'punctual';
import marketsDrawdowns from '../queries/markets-drawdowns.ts';
import marketsVolatility from '../queries/markets-volatility.ts';

export default defineEndpoint({
  path: '/markets/risk',
  summary: 'The deepest falls of the S&P 500 and its volatility month by month.',
  parameters: z.object({
    fromDay: z.iso.date().default('2000-01-01'),
    limit: limit(1, 500, 10),
  }),
  parts: {
    drawdowns: ({ limit }) => ask(marketsDrawdowns, { limit }),
    volatility: ({ fromDay }) => ask(marketsVolatility, { fromDay }),
  },
});
