import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { createEmulator } from '../../../emulator/server.ts';

export interface TestEmulator extends AsyncDisposable {
  readonly url: string;
  /** A client of its own project id. */
  client(projectId?: string): BigQuery;
  /** Calls a route without the client; gives status and parsed body. */
  call(method: string, path: string, body?: unknown): ReturnType<typeof call>;
}

const orders = `id,customer,country,amount,ordered_on,created_at
1,ann,US,10.5,2026-01-05,2026-01-05 10:00:00+00
2,bob,US,20.25,2026-01-15,2026-01-15 23:30:00+00
3,ann,DE,30.125,2026-02-10,2026-02-10 00:00:00+00
4,cat,FR,,2026-03-01,2026-03-01 12:00:00+00
`;

/** An emulator without the generated dataset, with `shop.orders` (four rows) mounted from a CSV file. */
export async function withEmulator(): Promise<TestEmulator> {
  const folder = await mkdtemp(join(tmpdir(), 'emulator-'));
  await mkdir(join(folder, 'shop'));
  await writeFile(join(folder, 'shop', 'orders.csv'), orders);
  const emulator = await createEmulator({
    port: 0,
    host: '127.0.0.1',
    scale: 0,
    seed: 1,
    dataDir: folder,
    mountDir: folder,
    today: '2026-11-20',
    logLevel: 'silent',
  });
  return {
    url: emulator.url,
    client: (projectId = 'my-project') => clientOf(emulator.url, projectId),
    call: (method, path, body) => call(emulator.url + path, method, body),
    async [Symbol.asyncDispose]() {
      await emulator[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

export function clientOf(url: string, projectId: string): BigQuery {
  return new BigQuery({
    projectId,
    apiEndpoint: url,
    // The client's types know google-auth-library by another copy.
    authClient: Object(new PassThroughClient()),
    retryOptions: { autoRetry: false },
  });
}

async function call(url: string, method: string, body: unknown) {
  const response = await fetch(url, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

/** What a rejected call of the client says: HTTP code, reason, message. */
export async function rejection(
  promise: Promise<unknown>,
): Promise<{ code: number; reason: string; message: string }> {
  try {
    await promise;
  } catch (error) {
    const { code, errors, message } = Object(error);
    return { code, reason: errors?.[0]?.reason, message };
  }
  throw new Error('expected a rejection');
}

/** Waits until a condition holds; the test runner's own time limit bounds it. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}
