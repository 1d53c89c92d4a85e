import type { QueryOutcome, ThreadWork } from '../thread/task.ts';
import type { QueryThread } from './query-thread.ts';

const MOST_THREADS = 4;
/** How long a thread of the ward waits for another task before it ends. */
const IDLE_MS = 10_000;

/**
 * Threads for tasks under which a thread or a process has died before: each has a thread to itself, so that it cannot
 * hurt a neighbour, and so that its guilt is certain when it kills once more. When all are busy, tasks wait for their turn.
 */
export interface Ward {
  run(task: ThreadWork, signal: AbortSignal): Promise<QueryOutcome>;
  close(): Promise<void>;
}

/** A ward without threads as yet: they are opened on demand. */
export function openWard(open: () => QueryThread): Ward {
  const idle = new Map<QueryThread, NodeJS.Timeout>();
  const busy = new Set<QueryThread>();
  const waiting: (() => void)[] = [];
  let taken = 0;
  return {
    async run(task, signal) {
      const cameAt = performance.now();
      if (taken < MOST_THREADS) taken += 1;
      else if (!(await isCalled(waiting, task.budgetMs, signal)))
        return { ok: false, code: 'internal', detail: 'the ward is full', job: 'running' };
      const thread = takeThread(idle) ?? open();
      busy.add(thread);
      try {
        const budgetMs = task.budgetMs - (performance.now() - cameAt);
        return await thread.run({ ...task, budgetMs }, signal);
      } finally {
        busy.delete(thread);
        keepThread(idle, thread);
        const call = waiting.shift();
        if (call) call();
        else taken -= 1;
      }
    },
    async close() {
      for (const timer of idle.values()) clearTimeout(timer);
      await Promise.all([...idle.keys(), ...busy].map((thread) => thread.close()));
    },
  };
}

function takeThread(idle: Map<QueryThread, NodeJS.Timeout>): QueryThread | undefined {
  for (const [thread, timer] of idle) {
    clearTimeout(timer);
    idle.delete(thread);
    if (thread.state !== 'gone') return thread;
  }
  return undefined;
}

function keepThread(idle: Map<QueryThread, NodeJS.Timeout>, thread: QueryThread): void {
  if (thread.state === 'gone') return;
  const leave = () => {
    idle.delete(thread);
    void thread.close();
  };
  idle.set(thread, setTimeout(leave, IDLE_MS).unref());
}

/** Waits for a thread; false when the budget is over before, or the task is not wanted any more. */
function isCalled(waiting: (() => void)[], budgetMs: number, signal: AbortSignal) {
  return new Promise<boolean>((resolve) => {
    const settle = (called: boolean) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
      resolve(called);
    };
    const call = () => settle(true);
    const leave = () => {
      waiting.splice(waiting.indexOf(call), 1);
      settle(false);
    };
    const timer = setTimeout(leave, budgetMs);
    waiting.push(call);
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
  });
}
