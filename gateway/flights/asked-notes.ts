import type { FlightJob } from '../../shared/queue/flight-job.ts';
import type { RecentParameters } from '../../shared/versions/recent-parameters.ts';

/** Where it is noted with what queries are asked, and who is told when that fails. */
export interface AskedNotesParts {
  readonly recent: Pick<RecentParameters, 'note'>;
  readonly onError: (error: unknown) => void;
  /** Milliseconds of a monotonic clock. */
  readonly now?: () => number;
}

/** What is noted is a sample: more often than this nobody learns more from it. */
const NOTE_EVERY_MS = 1_000;

/** Notes the parameters of flights that were started, at most once a second for each query; nobody waits for it. */
export function createAskedNotes(
  parts: AskedNotesParts,
): (job: Pick<FlightJob, 'query' | 'parameters'>) => void {
  const { recent, onError, now = () => performance.now() } = parts;
  const notedMs = new Map<string, number>();
  return ({ query, parameters }) => {
    const nowMs = now();
    if (nowMs - (notedMs.get(query) ?? Number.NEGATIVE_INFINITY) < NOTE_EVERY_MS) return;
    notedMs.set(query, nowMs);
    recent.note(query, parameters).catch(onError);
  };
}
