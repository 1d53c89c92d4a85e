import { z } from 'punctual';

/** One product on a shelf of the home page: what is shown of it, and why it stands where it stands. */
export const productCard = z.object({
  productId: z.int(),
  name: z.string(),
  brand: z.string(),
  category: z.string(),
  /** Retail price in US dollars. */
  price: z.number(),
  /** Higher comes first; comparable only within one shelf. */
  score: z.number(),
});
