import type { ServerResponse } from 'node:http';

/**
 * Aborts when the client leaves before his answer was given. It listens on the response alone, which lives as long as its
 * request: a connection that carries a thousand of them carries no listener of ours.
 */
export function clientGone(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  const look = () => {
    if (!response.writableEnded) gone.abort('the client is gone');
  };
  if (response.closed) look();
  else response.once('close', look);
  return gone.signal;
}
