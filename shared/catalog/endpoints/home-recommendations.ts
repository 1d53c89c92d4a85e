import { ask, defineEndpoint, limit, z } from 'punctual';
import homeNewArrivals from '../queries/home-new-arrivals.ts';
import homeNewInFavourites from '../queries/home-new-in-favourites.ts';
import homePopular from '../queries/home-popular.ts';
import homeRecommended from '../queries/home-recommended.ts';
import homeTrending from '../queries/home-trending.ts';

export default defineEndpoint({
  path: '/home/recommendations',
  summary:
    'The shelves of the home page: for a user what people with the same taste bought and what is new in the favourite categories, for anybody what is popular and new; and what is trending this week.',
  parameters: z.object({ userId: z.int().positive().optional(), limit: limit(1, 50, 4) }),
  parts: {
    recommended: ({ userId, limit }) =>
      userId === undefined ? ask(homePopular, { limit }) : ask(homeRecommended, { userId, limit }),
    trending: ({ limit }) => ask(homeTrending, { limit }),
    newInFavourites: ({ userId, limit }) =>
      userId === undefined
        ? ask(homeNewArrivals, { limit })
        : ask(homeNewInFavourites, { userId, limit }),
  },
});
