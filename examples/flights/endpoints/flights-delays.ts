import { ask, defineEndpoint, limit, z } from 'punctual';
import delayByDistance from '../queries/flights-delay-by-distance.ts';
import delayByHour from '../queries/flights-delay-by-hour.ts';
import worstDays from '../queries/flights-worst-days.ts';
import worstRoutes from '../queries/flights-worst-routes.ts';

export default defineEndpoint({
  path: '/flights/delays',
  summary: 'How late flights are, by hour and by distance, with the worst days and routes.',
  parameters: z.object({
    origin: z
      .string()
      .regex(/^[A-Z]{3}$/, 'expected an airport code such as ORD')
      .optional(),
    limit: limit(1, 100, 10),
  }),
  parts: {
    byHour: ({ origin }) => ask(delayByHour, { origin: origin ?? null }),
    byDistance: ({ origin }) => ask(delayByDistance, { origin: origin ?? null }),
    worstDays: ({ origin, limit }) => ask(worstDays, { origin: origin ?? null, limit }),
    worstRoutes: ({ origin, limit }) => ask(worstRoutes, { origin: origin ?? null, limit }),
  },
});
