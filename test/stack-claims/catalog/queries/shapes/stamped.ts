import { z } from 'punctual';

/** A row whose stamp differs from run to run, so that a test sees which run it came from. */
export const stamped = z.object({ key: z.string(), stamp: z.string() });
