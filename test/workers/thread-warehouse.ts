import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { listen } from '../../shared/side-door.ts';

/** What the client asks for: its job's insert, its rows, its state, its cancel. */
export type Route = 'insert' | 'results' | 'state' | 'cancel';

/** How a route answers: with a body, with an error, late, with its head alone, or never. */
export type Reply =
  | { readonly body: object }
  | { readonly error: { readonly status: number; readonly reason: string } }
  | { readonly bytes: number }
  | 'half'
  | 'hang';

/** A warehouse whose jobs are done at once and give one row each, but for what a test tells it. */
export interface ThreadWarehouse extends AsyncDisposable {
  readonly url: string;
  /** Every call so far, in its order. */
  readonly calls: readonly { readonly route: Route; readonly jobId: string }[];
  readonly openSockets: number;
  /** Overrides a route's answer; gets the job's id and how often the route was called for it. */
  answer(route: Route, reply: (jobId: string, call: number) => Reply | undefined): void;
  count(route: Route, jobId?: string): number;
}

const fields = [{ name: 'id', type: 'INT64' }];

/** The reply that carries these rows: one column `id`, each row a number. */
export function resultOf(ids: readonly number[], more: object = {}): Reply {
  const rows = ids.map((id) => ({ f: [{ v: String(id) }] }));
  return {
    body: { jobComplete: true, schema: { fields }, rows, totalRows: String(ids.length), ...more },
  };
}

/** The reply that says that a job is not ready. */
export const NOT_READY: Reply = { body: { jobComplete: false } };

/** Starts one on a free port. */
export async function startThreadWarehouse(): Promise<ThreadWarehouse> {
  const calls: { route: Route; jobId: string }[] = [];
  const answers = new Map<Route, (jobId: string, call: number) => Reply | undefined>();
  const count = (route: Route, jobId?: string) =>
    calls.filter((call) => call.route === route && (!jobId || call.jobId === jobId)).length;
  let openSockets = 0;
  const take = async (request: IncomingMessage, response: ServerResponse) => {
    const { route, jobId } = await readCall(request);
    calls.push({ route, jobId });
    const reply = answers.get(route)?.(jobId, count(route, jobId)) ?? usual(route, jobId);
    send(response, reply);
  };
  const server = createServer((request, response) => void take(request, response));
  server.on('connection', (socket) => {
    openSockets += 1;
    socket.once('close', () => {
      openSockets -= 1;
    });
  });
  const url = await listen(server, '127.0.0.1', 0);
  return {
    url,
    calls,
    get openSockets() {
      return openSockets;
    },
    answer: (route, reply) => void answers.set(route, reply),
    count,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readCall(request: IncomingMessage): Promise<{ route: Route; jobId: string }> {
  const path = new URL(request.url ?? '/', 'http://x').pathname.split('/');
  const last = path.at(-1) ?? '';
  if (last === 'cancel') return { route: 'cancel', jobId: path.at(-2) ?? '' };
  if (path.at(-2) === 'queries') return { route: 'results', jobId: last };
  if (request.method === 'GET') return { route: 'state', jobId: last };
  const body = (await json(request)) as { jobReference: { jobId: string } };
  return { route: 'insert', jobId: body.jobReference.jobId };
}

function usual(route: Route, jobId: string): Reply {
  if (route === 'results') return resultOf([1]);
  const job = { jobReference: { projectId: 'p', jobId }, status: { state: 'DONE' } };
  return { body: route === 'cancel' ? { job } : job };
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply === 'hang') return;
  const isError = typeof reply === 'object' && 'error' in reply;
  response.writeHead(isError ? reply.error.status : 200, { 'content-type': 'application/json' });
  if (reply === 'half') response.write('{"jobComplete": tr');
  else if ('bytes' in reply) response.end(Buffer.alloc(reply.bytes, ' '));
  else response.end(JSON.stringify(isError ? errorBody(reply.error) : reply.body));
}

function errorBody({ status, reason }: { status: number; reason: string }): object {
  return { error: { code: status, message: reason, errors: [{ reason, message: reason }] } };
}
