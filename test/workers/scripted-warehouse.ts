import { createServer } from 'node:http';
import { listen } from '../../shared/side-door.ts';
import type { Page } from '../../workers/thread/warehouse-job.ts';

/** A server that answers getQueryResults with the pages that it was given, in their order, whatever sense they make. */
export interface ScriptedWarehouse extends AsyncDisposable {
  readonly url: string;
  script(pages: readonly Page[]): void;
}

/** Starts one on a free port; without a page left it answers 404. */
export async function startScriptedWarehouse(): Promise<ScriptedWarehouse> {
  let pages: Page[] = [];
  const server = createServer((_request, response) => {
    const page = pages.shift();
    const body = page ? resultsOf(page) : { error: { code: 404, message: 'no such page' } };
    response.writeHead(page ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
  const url = await listen(server, '127.0.0.1', 0);
  return {
    url,
    script(next) {
      pages = [...next];
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function resultsOf({ fields, rows, totalRows, nextToken }: Page): object {
  const results = { jobComplete: true, schema: { fields }, rows, totalRows: String(totalRows) };
  return nextToken === undefined ? results : { ...results, pageToken: nextToken };
}
