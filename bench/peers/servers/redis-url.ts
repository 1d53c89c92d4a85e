/** The Redis server that this process was given for its cache. */
export function redisUrl(): string {
  const url = process.env['PEER_REDIS_URL'];
  if (url === undefined) throw new Error('PEER_REDIS_URL is not set');
  return url;
}
