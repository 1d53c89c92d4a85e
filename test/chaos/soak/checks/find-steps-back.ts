import { type Episode, episodesOf, isWithin } from '../episodes.ts';
import type { Line, RequestLine } from '../history.ts';
import { type Violation, violation } from '../violation.ts';

interface Seen {
  readonly request: RequestLine;
  readonly part: string;
  readonly source: string;
  readonly asOf: number;
  readonly doneAt: number;
}

/** Pages of a list are of the version that the list began with. */
const snapshots = new Set(['alerts']);

/** Versions that go back for who asks again and is not told that the answer is stale, and one version with two contents (I9). */
export function findStepsBack(lines: readonly Line[]): Violation[] {
  const seen = lines.filter((line) => line.type === 'request').flatMap(versionsOf);
  const losses = episodesOf(lines).filter(losesEntries);
  const byPart = Map.groupBy(seen, ({ request, part }) => `${request.path} ${part}`);
  const groups = [...byPart.values()];
  return [...groups.flatMap((same) => stepsBack(same, losses)), ...groups.flatMap(twoContents)];
}

function versionsOf(request: RequestLine): Seen[] {
  const { at, load, parts, lastByteMs } = request;
  if (parts === undefined || lastByteMs === undefined || snapshots.has(load)) return [];
  return Object.entries(parts).flatMap(([part, { source, asOf }]) => {
    if (asOf === undefined) return [];
    return { request, part, source, asOf: Date.parse(asOf), doneAt: at + lastByteMs };
  });
}

/** Only who asks after an answer has come has a right to no older one; the newest answered before counts. */
function stepsBack(same: readonly Seen[], losses: readonly Episode[]): Violation[] {
  const asked = same.toSorted((a, b) => a.request.at - b.request.at);
  const done = same.toSorted((a, b) => a.doneAt - b.doneAt);
  const found: Violation[] = [];
  let newest: Seen | undefined;
  let at = 0;
  for (const next of asked) {
    for (let one = done[at]; one && one.doneAt < next.request.at; one = done[++at])
      if (newest === undefined || one.asOf > newest.asOf) newest = one;
    const isLabelled = next.source === 'stale' || next.source === 'fallback';
    if (newest === undefined || isLabelled || next.asOf >= newest.asOf) continue;
    const { asOf } = next;
    const { request } = newest;
    // A process may hold what is fresh for as long as it is: after a loss another one holds something newer.
    if (losses.some((loss) => isWithin(loss, asOf, request.at))) continue;
    const what = `${next.source}, ${newest.asOf - asOf} ms older than an answer before`;
    found.push(
      violation(next.request.at, 'I9', `${what}: ${next.request.load} ${next.request.path}`),
    );
  }
  return found;
}

function twoContents(same: readonly Seen[]): Violation[] {
  const single = same.filter(({ request }) => Object.keys(request.parts ?? {}).length === 1);
  return [...Map.groupBy(single, ({ asOf }) => asOf).values()].flatMap((version) => {
    const contents = new Set(
      version.flatMap(({ request }) => (request.stamps?.length ? request.stamps.join() : [])),
    );
    const last = version.at(-1);
    if (contents.size <= 1 || last === undefined) return [];
    const what = `${contents.size} contents of one version: ${last.request.path}`;
    return [violation(last.request.at, 'I9', what)];
  });
}

function losesEntries({ harm }: Episode): boolean {
  switch (harm.kind) {
    case 'keys-deleted':
      return true;
    case 'store-killed':
    case 'store-frozen':
    case 'store-slow':
    case 'store-cut':
    case 'store-emptied':
      return harm.store === 'cache';
    case 'lane-silent':
    case 'lane-refused':
      return harm.lane === 'gateway-cache' || harm.lane === 'worker-cache';
    default:
      return false;
  }
}
