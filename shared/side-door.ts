import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A small HTTP server for what operates a process: path → answer. */
export interface SideDoor extends AsyncDisposable {
  readonly url: string;
}

/** What a path of the side door answers. */
export interface SideDoorAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Opens the side door; paths that `answers` lacks give 404. */
export async function openSideDoor(
  { host, port }: { host: string; port: number },
  answers: Readonly<Record<string, () => Promise<SideDoorAnswer> | SideDoorAnswer>>,
): Promise<SideDoor> {
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000 },
    (request, response) => {
      const path = (request.url ?? '/').split('?')[0] ?? '/';
      const answer = Object.hasOwn(answers, path) ? answers[path] : undefined;
      Promise.try(() => answer?.() ?? NOTHING_HERE)
        .catch((error: unknown) => ({
          status: 500,
          contentType: 'text/plain',
          body: String(error),
        }))
        .then(({ status, contentType, body }) => {
          response.writeHead(status, { 'content-type': contentType }).end(body);
        })
        .catch(() => response.destroy());
    },
  );
  const address = await listen(server, host, port);
  return {
    url: address,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const NOTHING_HERE: SideDoorAnswer = {
  status: 404,
  contentType: 'text/plain',
  body: 'not found\n',
};

/** Listens, and returns the URL; rejects with the system's error, which names the address, when it cannot. */
export async function listen(server: Server, host: string, port: number): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 2_048 }, resolve);
  });
  const { port: chosen } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`;
}
