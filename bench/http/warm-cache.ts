import { expectSource } from './expect-source.ts';
import { getOnce } from './get-once.ts';
import type { Reply } from './read-reply.ts';

/** Makes the answer of a URL that nobody has asked for yet a fresh one: the first is computed, the second must be fresh. */
export async function warmCache(url: string): Promise<Reply> {
  expectSource(await getOnce(url), 'live');
  const fresh = await getOnce(url);
  expectSource(fresh, 'fresh');
  return fresh;
}
