import { jsonAnswer } from '../../shared/side-door/answer.ts';
import { Refusal } from '../../shared/side-door/refusal.ts';
import type { SideDoorRoutes } from '../../shared/side-door/route.ts';
import type { RecentParameters } from '../../shared/versions/recent-parameters.ts';
import type { Versions } from '../../shared/versions/versions.ts';
import { orStoreDown } from './or-store-down.ts';

/** What the route of the versions needs of the process that serves it. */
export interface VersionRoutesOptions {
  readonly versions: Pick<Versions, 'readAll' | 'readText'>;
  readonly recent: Pick<RecentParameters, 'read'>;
  readonly onError: (error: unknown) => void;
}

/** The route of the admin port that tells which versions of a query there have been, what they ask, and with what it was asked of late. */
export function versionRoutes({ versions, recent, onError }: VersionRoutesOptions): SideDoorRoutes {
  const stored = orStoreDown('The versions cannot be reached at the moment.', onError);
  return {
    '/admin/v1/queries/:name/versions': async ({ names }) => {
      const query = names['name'] ?? '';
      const known = (await stored(versions.readAll())).get(query);
      if (!known) throw new Refusal('not-found', 'No version of a query of this name is known.');
      const [parameters, ...texts] = await stored(
        Promise.all([
          recent.read(query),
          ...known.map(({ version }) => versions.readText(query, version)),
        ]),
      );
      const told = known.map(({ version, firstSeenAt }, index) => ({
        version,
        firstSeenAt: new Date(firstSeenAt).toISOString(),
        text: texts[index],
      }));
      return jsonAnswer({ data: { query, versions: told, recentParameters: parameters } });
    },
  };
}
