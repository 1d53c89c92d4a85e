import { jsonAnswer } from '../../shared/side-door/answer.ts';
import { Refusal } from '../../shared/side-door/refusal.ts';
import type { SideDoorRoutes } from '../../shared/side-door/route.ts';
import { orStoreDown } from './or-store-down.ts';
import { membersOf, shown, strangers } from './read-members.ts';
import type { WarmReports } from './warm-report.ts';

/** What the routes of warming need of the process that serves them. */
export interface WarmRoutesOptions {
  readonly reports: WarmReports;
  /** Asks for a run now; gives its id. */
  readonly start: (query: string) => Promise<string>;
  readonly onStart: (query: string, id: string) => void;
  readonly onError: (error: unknown) => void;
}

/** The routes of the admin port that report on warming and start runs. */
export function warmRoutes({
  reports,
  start,
  onStart,
  onError,
}: WarmRoutesOptions): SideDoorRoutes {
  const stored = orStoreDown('What is known of warming cannot be reached at the moment.', onError);
  const reportOn = async (query: string) => {
    const report = await stored(reports.read(query));
    if (report) return report;
    throw new Refusal('not-found', 'No query of this name says what is to be warmed of it.');
  };
  return {
    '/admin/v1/warm': async () => jsonAnswer({ data: await stored(reports.readAll()) }),
    '/admin/v1/warm/:query': async ({ names }) =>
      jsonAnswer({ data: await reportOn(names['query'] ?? '') }),
    'POST /admin/v1/warm': async ({ json }) => {
      const { query } = await reportOn(readQuery(await json()));
      const id = await stored(start(query));
      onStart(query, id);
      const location = `/admin/v1/warm/${encodeURIComponent(query)}`;
      const answer = jsonAnswer({ data: { query, id } }, 202);
      return { ...answer, headers: { ...answer.headers, location } };
    },
  };
}

function readQuery(body: unknown): string {
  const expected = 'the name of a query';
  const { query, ...others } = membersOf(body, `an object with query: ${expected}`);
  const wrong = typeof query === 'string' ? [] : [{ member: 'query', expected, got: shown(query) }];
  const unknown = strangers(others);
  if (typeof query === 'string' && unknown.length === 0) return query;
  throw new Refusal('invalid-body', 'The body must be {"query": "<name>"}.', {
    problems: [...wrong, ...unknown].slice(0, 10),
  });
}
