import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { toBigQueryError } from '../warehouse/duckdb-error.ts';
import type { Backend, Call, Route } from './call.ts';
import { datasetRoutes } from './dataset-routes.ts';
import { errorEnvelope } from './error-envelope.ts';
import type { Delivery } from './garble.ts';
import { answerFaulty, strikeCall } from './http-fault.ts';
import { jobRoutes } from './job-routes.ts';
import { ownRoutes } from './own-routes.ts';
import { queryRoutes } from './query-routes.ts';
import { readBody } from './request-body.ts';
import { createRouter, type RouteMatch } from './router.ts';
import { tableRoutes } from './table-routes.ts';

/** Makes the function that answers every HTTP request. */
export function createListener(backend: Backend): RequestListener {
  const findRoute = createRouter([
    ...queryRoutes,
    ...jobRoutes,
    ...datasetRoutes,
    ...tableRoutes,
    ...ownRoutes,
  ]);
  return (request, response) => {
    const left = departureSignal(response);
    void deliveryFor(request, left, findRoute, backend).then((delivery) => {
      if (!left.aborted) deliver(delivery, response);
    });
  };
}

async function deliveryFor(
  request: IncomingMessage,
  left: AbortSignal,
  findRoute: (method: string, path: string) => RouteMatch,
  backend: Backend,
): Promise<Delivery> {
  try {
    const url = new URL(request.url ?? '/', 'http://emulator');
    const { route, path } = findRoute(request.method ?? 'GET', url.pathname);
    const call: Call = { path, query: url.searchParams, body: await readBody(request), left };
    countCall(route, call, backend);
    const fault = strikeCall(route, call, backend);
    const answer = () => route.answer(call, backend);
    if (fault !== undefined) return await answerFaulty(fault, call, answer);
    return { kind: 'json', reply: await answer() };
  } catch (error) {
    const told = toBigQueryError(error);
    return { kind: 'json', reply: { status: told.status, body: errorEnvelope(told) } };
  }
}

/** Counts what is asked about a job that is there already. */
function countCall({ faultRoute }: Route, { path }: Call, { jobs }: Backend): void {
  const job = jobs.peek(path['projectId'] ?? '', path['jobId'] ?? '');
  if (job !== undefined && faultRoute !== undefined)
    job.calls[faultRoute] = (job.calls[faultRoute] ?? 0) + 1;
}

function departureSignal(response: ServerResponse): AbortSignal {
  const left = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) left.abort();
  });
  return left.signal;
}

function deliver(delivery: Delivery, response: ServerResponse): void {
  switch (delivery.kind) {
    case 'json': {
      const { status, body } = delivery.reply;
      if (body === undefined) send(response, status, '');
      else send(response, status, typeof body === 'string' ? body : JSON.stringify(body));
      return;
    }
    case 'raw':
      send(response, 200, delivery.text, delivery.contentType);
      return;
    case 'cut':
      response.destroy();
      return;
    default:
      delivery satisfies never;
  }
}

function send(
  response: ServerResponse,
  status: number,
  text: string,
  contentType = 'application/json; charset=UTF-8',
): void {
  const headers = text === '' ? {} : { 'content-type': contentType };
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
