import { jsonAnswer } from '../../shared/side-door/answer.ts';
import { Refusal } from '../../shared/side-door/refusal.ts';
import type { SideDoorRoutes } from '../../shared/side-door/route.ts';
import { isMode, MODES, type Mode } from '../../shared/switches/mode.ts';
import type { Switches } from '../../shared/switches/switches.ts';
import { membersOf, shown, strangers } from './read-members.ts';
import { orStoreDown } from './or-store-down.ts';

/** What the routes of the switches need of the process that serves them. */
export interface SwitchRoutesOptions {
  readonly switches: Switches;
  /** The names of the queries that are served. */
  readonly queries: () => readonly string[];
  /** The state of each query's breaker, the worst of all processes; a query that is not in it is closed. */
  readonly breakers: () => Promise<ReadonlyMap<string, string>>;
  readonly onSet: (query: string, mode: Mode, before: Mode) => void;
  readonly onError: (error: unknown) => void;
}

/** The routes of the admin port that list the queries and turn their switches. */
export function switchRoutes(options: SwitchRoutesOptions): SideDoorRoutes {
  const { switches, queries, breakers, onSet, onError } = options;
  const stored = orStoreDown('The switches cannot be reached at the moment.', onError);
  const known = (query: string) => {
    if (queries().includes(query)) return query;
    throw new Refusal('not-found', 'No query has this name.');
  };
  return {
    '/admin/v1/queries': async () => {
      const [modes, states] = await Promise.all([stored(switches.readAll()), breakers()]);
      const data = queries().map((query) => ({
        query,
        mode: modes.get(query) ?? 'normal',
        breaker: states.get(query) ?? 'closed',
      }));
      return jsonAnswer({ data });
    },
    '/admin/v1/queries/:name/switch': async ({ names }) => {
      const query = known(names['name'] ?? '');
      const modes = await stored(switches.readAll());
      return jsonAnswer({ data: { query, mode: modes.get(query) ?? 'normal' } });
    },
    'PUT /admin/v1/queries/:name/switch': async ({ names, json }) => {
      const query = known(names['name'] ?? '');
      const mode = readMode(await json());
      onSet(query, mode, await stored(switches.set(query, mode)));
      return jsonAnswer({ data: { query, mode } });
    },
  };
}

function readMode(body: unknown): Mode {
  const expected = MODES.map((mode) => `"${mode}"`).join(' or ');
  const { mode, ...others } = membersOf(body, `an object with mode: ${expected}`);
  const wrong = isMode(mode) ? [] : [{ member: 'mode', expected, got: shown(mode) }];
  const unknown = strangers(others);
  if (isMode(mode) && unknown.length === 0) return mode;
  throw new Refusal('invalid-body', `The body must be {"mode": ${expected}}.`, {
    problems: [...wrong, ...unknown].slice(0, 10),
  });
}
