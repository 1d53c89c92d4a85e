import { createServer } from 'node:http';
import type { Job } from '@google-cloud/bigquery';
import { listen } from '../../shared/side-door.ts';
import { connectWarehouse } from '../../workers/thread/connect-warehouse.ts';
import type { Page } from '../../workers/thread/warehouse-job.ts';

/** A server that answers getQueryResults with the pages that it was given, in their order, whatever sense they make. */
export interface ScriptedWarehouse extends AsyncDisposable {
  /** A finished job of the official client, to which these pages are given after the first one. */
  jobWith(...pages: readonly Page[]): Job;
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
  const emulatorUrl = await listen(server, '127.0.0.1', 0);
  const client = connectWarehouse({ projectId: 'p', location: undefined, emulatorUrl });
  return {
    jobWith(...next) {
      pages = [...next];
      return client.job('j');
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
