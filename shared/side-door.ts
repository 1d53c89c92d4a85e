import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SideDoorAnswer } from './side-door/answer.ts';
import { readJson } from './side-door/read-json.ts';
import { refusalAnswer } from './side-door/refusal.ts';
import { createRouting, type SideDoorRequest, type SideDoorRoutes } from './side-door/route.ts';

/** A small HTTP server for what operates a process. */
export interface SideDoor extends AsyncDisposable {
  readonly url: string;
}

/** Where the side door is, and who may come in. */
export interface SideDoorOptions {
  readonly host: string;
  readonly port: number;
  /** Looks at every request first; throws a `Refusal` to keep it out. */
  readonly admit?: (request: Pick<SideDoorRequest, 'method' | 'path' | 'headers'>) => void;
}

const MAX_BODY_BYTES = 64 * 1024;

/** Opens the side door. Whatever `routes` lack is refused with problem details, and so is whatever they throw. */
export async function openSideDoor(
  { host, port, admit = () => undefined }: SideDoorOptions,
  routes: SideDoorRoutes,
): Promise<SideDoor> {
  const routeOf = createRouting(routes);
  const answerTo = async (request: IncomingMessage): Promise<SideDoorAnswer> => {
    const { method = 'GET', headers } = request;
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    admit({ method, path, headers });
    const { route, names } = routeOf(method, path);
    return route({ method, path, headers, names, json: () => readJson(request, MAX_BODY_BYTES) });
  };
  const server = createServer(
    { requestTimeout: 10_000, headersTimeout: 5_000, connectionsCheckingInterval: 1_000 },
    (request, response) => {
      answerTo(request)
        .catch(refusalAnswer)
        .then((answer) => send(response, answer))
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

function send(response: ServerResponse, { status, contentType, headers, body }: SideDoorAnswer) {
  response
    .writeHead(status, {
      ...headers,
      'content-type': contentType,
      'content-length': Buffer.byteLength(body),
    })
    .end(body);
}

/** Listens, if need be on a port that others share in the same way, and returns the URL; rejects with the system's error, which names the address, when it cannot. */
export async function listen(
  server: Server,
  host: string,
  port: number,
  { reusePort = false } = {},
): Promise<string> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: 2_048, reusePort }, resolve);
  });
  const { port: chosen } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${chosen}`;
}
