import { getRequest, openConnection } from './connection.ts';
import type { Reply } from './read-reply.ts';

/** GET over a connection of its own. */
export async function getOnce(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  using connection = await openConnection(url);
  return await connection.send(getRequest(url, { ...headers, connection: 'close' }));
}
