import { INVALIDATIONS } from '../../shared/epochs/epoch-store.ts';
import { type AdminReply, askAdmin, refused } from '../ask-admin.ts';
import { type Command, type Invocation, type Outcome, UsageError } from '../command.ts';

/** What the admin port says of an invalidation. */
interface Invalidated {
  readonly mode: string;
  readonly at: string;
  readonly queries: readonly string[];
  readonly unknown: readonly string[];
}

/** `punctual invalidate`: makes what a running fleet has stored count less, or not at all. */
export const invalidate: Command = {
  name: 'invalidate',
  summary: 'Ends the freshness of what is stored, or with --mode=purge its use altogether',
  usage: `<query>|--table=…|--fingerprint=…|--all [--mode=${INVALIDATIONS.join('|')}] [--admin=…]`,
  options: ['table', 'fingerprint', 'all', 'mode', 'admin'],
  async run({ words, options, env }) {
    const body = { ...targetOf(words, options), ...modeOf(options) };
    const request = { path: '/admin/v1/invalidate', method: 'POST', body };
    return outcomeOf(await askAdmin<Invalidated>(request, { options, env }), options.has('table'));
  },
};

function targetOf(words: readonly string[], options: Invocation['options']): object {
  const named = words.map((query): object => ({ query }));
  for (const name of ['table', 'fingerprint'])
    if (options.has(name)) named.push({ [name]: options.get(name) });
  if (options.has('all')) named.push({ all: true });
  const [target] = named;
  if (target && named.length === 1) return target;
  throw new UsageError('Name one query, or one of --table, --fingerprint and --all.');
}

function modeOf(options: Invocation['options']): { readonly mode?: string } {
  const mode = options.get('mode');
  if (mode === undefined) return {};
  if (INVALIDATIONS.some((one) => one === mode)) return { mode };
  throw new UsageError(`Expected ${INVALIDATIONS.join(' or ')}, got ${mode}.`);
}

function outcomeOf(reply: AdminReply<Invalidated>, isTable: boolean): Outcome {
  const { data } = reply;
  if (!data) return refused(reply);
  const { mode, at, queries, unknown } = data;
  const lines = [
    `${mode}: what was read up to ${at}`,
    ...(queries.length > 0 ? [`of ${queries.join(', ')}`] : []),
    ...(isTable && queries.length === 0 ? ['of no query: none reads that table'] : []),
    ...(unknown.length > 0 ? [`(it is not known what these read: ${unknown.join(', ')})`] : []),
  ];
  return { text: lines.join('\n'), data, exitCode: 0 };
}
