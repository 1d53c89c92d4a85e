import { createServer } from 'node:http';
import { getOnce } from '../http/get-once.ts';

// A process of its own: the least that node:http can do with the same bytes. BARE_COPY_OF is the URL whose answer it repeats.
const copied = await getOnce(process.env['BARE_COPY_OF'] ?? '');
const headers = copied.head.split('\r\n').slice(1).flatMap(copyHeader);
// The fastest way known to send a few kilobytes: a string, so that head and body leave in one write.
const body = copied.body.toString('latin1');

const server = createServer({ keepAliveTimeout: 75_000 }, (_request, response) => {
  response.writeHead(copied.status, headers).end(body, 'latin1');
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.send?.({ ready: true, addresses: { bare: `http://127.0.0.1:${port}` } });
});

function stop(): void {
  server.close();
  server.closeAllConnections();
  process.removeListener('disconnect', stop);
  if (process.connected) process.disconnect();
}
process.once('disconnect', stop).once('SIGTERM', stop).once('SIGINT', stop);

/** A header line as name and value; nothing for those that node:http writes itself. */
function copyHeader(line: string): string[] {
  const name = line.slice(0, line.indexOf(':'));
  const isOwn = ['date', 'connection', 'keep-alive'].includes(name.toLowerCase());
  return isOwn ? [] : [name, line.slice(name.length + 1).trim()];
}
