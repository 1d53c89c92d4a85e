import { readConfig } from '../../shared/config.ts';
import { type Command, type Invocation, UsageError } from '../command.ts';
import { table } from '../table.ts';

type Row = Record<string, unknown>;

/** The part of an envelope's `meta` that is printed. */
interface Meta {
  readonly source?: string;
  readonly asOf?: string;
  readonly ageSeconds?: number;
  readonly elapsedMs?: number;
}

/** Problem details as the gateway sends them. */
interface ProblemBody {
  readonly title?: string;
  readonly detail?: string;
  readonly problems?: readonly {
    parameter?: string;
    header?: string;
    expected: string;
    got: string;
  }[];
}

/** `punctual run <query> --param=value`: asks a running gateway, as any caller would. */
export const run: Command = {
  name: 'run',
  summary:
    'Asks a running gateway for a query and prints its rows (--url, default http://HOST:PORT)',
  usage: '<query> [--parameter=value …] [--url=http://127.0.0.1:8080]',
  options: undefined,
  async run({ words, options, env }) {
    const [query] = words;
    if (query === undefined || words.length > 1) throw new UsageError('Name one query.');
    const { url: _, ...parameters } = Object.fromEntries(options);
    const address = new URL(
      `/api/v1/queries/${encodeURIComponent(query)}`,
      gatewayUrl(options, env),
    );
    address.search = new URLSearchParams(parameters).toString();
    const response = await fetch(address, { signal: AbortSignal.timeout(20_000) });
    const body = (await response.json()) as ProblemBody & { data?: Row[]; meta?: Meta };
    if (!response.ok) return { text: problemText(body), data: body, exitCode: 1 };
    return {
      text: `${rowsText(body.data ?? [])}\n\n${metaText(body.meta ?? {})}`,
      data: body,
      exitCode: 0,
    };
  },
};

function gatewayUrl(options: Invocation['options'], env: Invocation['env']): string {
  const { host, port } = readConfig(env).gateway;
  return options.get('url') ?? `http://${host}:${port}`;
}

function rowsText(rows: readonly Row[]): string {
  if (rows.length === 0) return 'No rows.';
  return table(
    rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === 'string' ? value : JSON.stringify(value),
        ]),
      ),
    ),
  );
}

function metaText({ source, asOf, ageSeconds, elapsedMs }: Meta): string {
  const age = asOf === undefined ? '' : `, as of ${asOf} (${ageSeconds} s old)`;
  return `${source}${age}, answered in ${elapsedMs} ms`;
}

function problemText({ title, detail, problems = [] }: ProblemBody): string {
  const lines = problems.map(
    ({ parameter, header, expected, got }) =>
      `  ${parameter ?? header}: expected ${expected}, got ${got}`,
  );
  return [`${title}: ${detail}`, ...lines].join('\n');
}
