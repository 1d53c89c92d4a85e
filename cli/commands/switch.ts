import { isMode, MODES } from '../../shared/switches/mode.ts';
import { type AdminReply, type AdminRequest, askAdmin, refused } from '../ask-admin.ts';
import { type Command, type Outcome, UsageError } from '../command.ts';
import { table } from '../table.ts';

/** A query's switch as the admin port tells it, with its breaker in the list of all. */
interface Switch {
  readonly query: string;
  readonly mode: string;
  readonly breaker?: string;
}

/** `punctual switch`: shows the switches of a running gateway's queries, or turns one. */
export const switchQuery: Command = {
  name: 'switch',
  summary: 'Shows the switches of all queries or of one, or turns one to a mode',
  usage: `[<query> [${MODES.join('|')}]] [--admin=http://127.0.0.1:8081]`,
  options: ['admin'],
  async run({ words, options, env }) {
    return outcomeOf(await askAdmin(requestFor(words), { options, env }));
  },
};

function requestFor(words: readonly string[]): AdminRequest {
  const [query, mode] = words;
  if (query === undefined) return { path: '/admin/v1/queries' };
  const path = `/admin/v1/queries/${encodeURIComponent(query)}/switch`;
  if (words.length > 2) throw new UsageError('Name one query and one mode.');
  if (mode === undefined) return { path };
  if (!isMode(mode)) throw new UsageError(`Expected ${MODES.join(', ')}, got ${mode}.`);
  return { path, method: 'PUT', body: { mode } };
}

function outcomeOf(reply: AdminReply<Switch | readonly Switch[]>): Outcome {
  const { data } = reply;
  if (!data) return refused(reply);
  const rows = Array.isArray(data) ? data : [data];
  return { text: table(rows), data, exitCode: 0 };
}
