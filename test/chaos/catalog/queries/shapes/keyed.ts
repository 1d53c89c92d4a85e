import { z } from 'punctual';

/** What every query here is asked for. */
export const asked = z.object({ key: z.string() });

/** A row that carries what it was asked for, which run it came from, and when the warehouse produced it (epoch milliseconds). */
export const keyed = z.object({ key: z.string(), stamp: z.string(), producedAt: z.int() });

/** The row of a fallback: nobody's. */
export const nobodys = { key: 'constant', stamp: 'none', producedAt: 0 };
