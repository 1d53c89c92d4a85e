import { readConfig } from '../shared/config.ts';
import type { Invocation, Outcome } from './command.ts';

/** A request to the admin port: its path, and a body as JSON if it has one. */
export interface AdminRequest {
  readonly path: string;
  readonly method?: string;
  readonly body?: unknown;
}

/** What the admin port answers: data, or problem details. */
export interface AdminReply<T> {
  readonly data?: T;
  readonly title?: string;
  readonly detail?: string;
}

/** Asks the admin port of a running gateway, which `--admin` or the environment names, with the environment's token. */
export async function askAdmin<T>(
  { path, method = 'GET', body }: AdminRequest,
  { options, env }: Pick<Invocation, 'options' | 'env'>,
): Promise<AdminReply<T>> {
  const config = readConfig(env).admin;
  const token = config.token === undefined ? {} : { authorization: `Bearer ${config.token}` };
  const response = await fetch(new URL(path, adminUrl(options, config)), {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json', ...token },
    signal: AbortSignal.timeout(10_000),
  });
  return (await response.json()) as AdminReply<T>;
}

/** What a command comes to that the admin port has refused: the problem in a line. */
export function refused(reply: AdminReply<unknown>): Outcome {
  return { text: `${reply.title}: ${reply.detail}`, data: reply, exitCode: 1 };
}

function adminUrl(
  options: Invocation['options'],
  { host, port }: { readonly host: string; readonly port: number },
): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return options.get('admin') ?? `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
