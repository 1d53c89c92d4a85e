import { answerParent } from '../../apart/answer-parent.ts';
import { figuresOf, findWaste, type WarehouseLimits } from './find-waste.ts';
import { jobList, type JobRecord, recordOf } from './job-record.ts';

let everyMs = 200;
const jobs = new Map<string, JobRecord>();
let forgotten = new Set<string>();
let emulator = '';

/** One look at the job list; an emulator that is away or was restarted has nothing to say about what it ran before. */
async function look(): Promise<void> {
  const response = await fetch(`${emulator}/emulator/jobs`, { signal: AbortSignal.timeout(5_000) });
  for (const line of jobList.parse(await response.json())) {
    if (!forgotten.has(line.jobId)) jobs.set(line.jobId, recordOf(line));
  }
}

async function keepLooking(): Promise<never> {
  for (;;) {
    await look().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

const answers = {
  /** Begins to look at the job list of the emulator at this address. */
  async watch(origin: string): Promise<void> {
    emulator = origin;
    await look();
    void keepLooking();
  },
  /** Looks less often from now on: a long list is long to read. */
  lookEvery(ms: number): void {
    everyMs = ms;
  },
  /** The jobs since {@link answers.forget}, of one query or of all. */
  async jobs(query?: string): Promise<readonly JobRecord[]> {
    await look().catch(() => undefined);
    const all = [...jobs.values()];
    return query === undefined ? all : all.filter((job) => job.query === query);
  },
  async verdict(limits: WarehouseLimits) {
    await look().catch(() => undefined);
    const all = [...jobs.values()];
    const now = Date.now();
    return { ...figuresOf(all, now), findings: findWaste(all, limits, now) };
  },
  /** Leaves what has ended out of everything from now on. */
  forget() {
    forgotten = new Set([...forgotten, ...jobs.keys()]);
    jobs.clear();
  },
};

/** What the warehouse judge's process can be asked. */
export type WarehouseAnswers = typeof answers;

answerParent(answers);
