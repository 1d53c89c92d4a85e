import { readConfig } from '../../shared/config.ts';
import { isMode, MODES } from '../../shared/switches/mode.ts';
import { type Command, type Invocation, type Outcome, UsageError } from '../command.ts';
import { table } from '../table.ts';

/** A query's switch as the admin port tells it, with its breaker in the list of all. */
interface Switch {
  readonly query: string;
  readonly mode: string;
  readonly breaker?: string;
}

/** What the admin port answers: data, or problem details. */
interface AdminBody {
  readonly data?: Switch | readonly Switch[];
  readonly title?: string;
  readonly detail?: string;
}

/** `punctual switch`: shows the switches of a running gateway's queries, or turns one. */
export const switchQuery: Command = {
  name: 'switch',
  summary: 'Shows the switches of all queries or of one, or turns one to a mode',
  usage: `[<query> [${MODES.join('|')}]] [--admin=http://127.0.0.1:8081]`,
  options: ['admin'],
  async run({ words, options, env }) {
    const { path, request } = requestFor(words);
    const config = readConfig(env).admin;
    const token = config.token === undefined ? {} : { authorization: `Bearer ${config.token}` };
    const response = await fetch(new URL(path, adminUrl(options, config)), {
      ...request,
      headers: { 'content-type': 'application/json', ...token },
      signal: AbortSignal.timeout(10_000),
    });
    return outcomeOf((await response.json()) as AdminBody);
  },
};

function requestFor(words: readonly string[]): { path: string; request: RequestInit } {
  const [query, mode] = words;
  if (query === undefined) return { path: '/admin/v1/queries', request: {} };
  const path = `/admin/v1/queries/${encodeURIComponent(query)}/switch`;
  if (words.length > 2) throw new UsageError('Name one query and one mode.');
  if (mode === undefined) return { path, request: {} };
  if (!isMode(mode)) throw new UsageError(`Expected ${MODES.join(', ')}, got ${mode}.`);
  return { path, request: { method: 'PUT', body: JSON.stringify({ mode }) } };
}

function outcomeOf(body: AdminBody): Outcome {
  const { data, title, detail } = body;
  if (!data) return { text: `${title}: ${detail}`, data: body, exitCode: 1 };
  const rows = Array.isArray(data) ? data : [data];
  return { text: table(rows), data, exitCode: 0 };
}

function adminUrl(
  options: Invocation['options'],
  { host, port }: { readonly host: string; readonly port: number },
): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return options.get('admin') ?? `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
