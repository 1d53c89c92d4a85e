import { readConfig } from '../shared/config.ts';
import type { Invocation } from './command.ts';

/** What the admin port answers: data, or problem details. */
export interface AdminBody<T> {
  readonly data?: T;
  readonly title?: string;
  readonly detail?: string;
}

/** Asks the admin port of a running gateway, at `--admin` or where the settings say; rejects when it cannot be reached. */
export async function askAdmin<T>(
  { options, env }: Pick<Invocation, 'options' | 'env'>,
  path: string,
  request: RequestInit = {},
): Promise<AdminBody<T>> {
  const { host, port, token } = readConfig(env).admin;
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const response = await fetch(new URL(path, options.get('admin') ?? adminUrl(host, port)), {
    ...request,
    headers: { 'content-type': 'application/json', ...authorization },
    signal: AbortSignal.timeout(10_000),
  });
  return (await response.json()) as AdminBody<T>;
}

function adminUrl(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
