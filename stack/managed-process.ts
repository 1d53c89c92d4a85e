import pTimeout from 'p-timeout';
import { type Child, type ChildExit, stopChild } from './child.ts';
import { StackError } from './stack-error.ts';

/** How one process of the stack is started, when it counts as ready, and how long each may take. */
export interface ProcessPlan<Ready> {
  readonly name: string;
  readonly readyWithinMs: number;
  readonly stopWithinMs: number;
  launch(): Promise<Child>;
  /** Resolves when the child can do its work; stops looking when the signal aborts. */
  waitUntilReady(child: Child, signal: AbortSignal): Promise<Ready>;
}

/** A process that is ready, can be hurt for the sake of a test, and comes back on demand. */
export interface ManagedProcess<Ready> {
  readonly name: string;
  /** The process id of the current run, or of the last one. */
  readonly pid: number;
  /** What the current run said when it became ready. */
  readonly ready: Ready;
  isRunning(): boolean;
  /** The last lines of its output, newest last. */
  lastLines(): readonly string[];
  /** SIGTERM, and SIGKILL after the plan's bound; the process stays down. */
  stop(): Promise<void>;
  /** SIGKILL to it and all that it started: what a crash looks like from outside. */
  kill(): Promise<void>;
  /** SIGSTOP: alive, connected and silent, until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Stops it if it still runs and starts it again; rejects with a StackError when it does not become ready. */
  restart(signal?: AbortSignal): Promise<void>;
  /** Calls the listener at every end that nobody asked for through `stop` or `restart`. */
  onCrash(listener: (exit: ChildExit) => void): void;
}

interface Run<Ready> {
  readonly child: Child;
  readonly ready: Ready;
}

/** Starts a process and waits until it is ready; nothing is left running when it is not ready in time or aborted. */
export async function startManaged<Ready>(
  plan: ProcessPlan<Ready>,
  signal?: AbortSignal,
): Promise<ManagedProcess<Ready>> {
  const listeners: ((exit: ChildExit) => void)[] = [];
  let isWanted = true;
  let turn: Promise<unknown> = Promise.resolve();
  let run = await launchReady(plan, signal);
  reportCrash(run);

  function reportCrash(watched: Run<Ready>): void {
    void watched.child.exited.then((exit) => {
      if (isWanted && run === watched) for (const listener of listeners) listener(exit);
    });
  }
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = turn.then(work);
    turn = done.catch(() => undefined);
    return done;
  }
  async function stopRun(): Promise<void> {
    isWanted = false;
    await stopChild(run.child, plan.stopWithinMs);
  }
  async function startRun(restartSignal?: AbortSignal): Promise<void> {
    run = await launchReady(plan, restartSignal);
    isWanted = true;
    reportCrash(run);
  }

  return {
    name: plan.name,
    get pid() {
      return run.child.pid;
    },
    get ready() {
      return run.ready;
    },
    isRunning: () => run.child.isRunning(),
    lastLines: () => run.child.lastLines(),
    stop: () => inTurn(stopRun),
    kill: async () => {
      run.child.signalGroup('SIGKILL');
      await run.child.exited;
    },
    freeze: () => run.child.signalGroup('SIGSTOP'),
    thaw: () => run.child.signalGroup('SIGCONT'),
    restart: (restartSignal) =>
      inTurn(async () => {
        await stopRun();
        await startRun(restartSignal);
      }),
    onCrash: (listener) => void listeners.push(listener),
  };
}

async function launchReady<Ready>(
  plan: ProcessPlan<Ready>,
  signal: AbortSignal | undefined,
): Promise<Run<Ready>> {
  signal?.throwIfAborted();
  const child = await plan.launch();
  const lookingEnds = new AbortController();
  const looking = AbortSignal.any([lookingEnds.signal, ...(signal === undefined ? [] : [signal])]);
  try {
    const ready = await pTimeout(
      Promise.race([plan.waitUntilReady(child, looking), deathOf(plan, child)]),
      {
        milliseconds: plan.readyWithinMs,
        message: `${plan.name} was not ready within ${plan.readyWithinMs / 1000} s`,
        ...(signal === undefined ? {} : { signal }),
      },
    );
    return { child, ready };
  } catch (error) {
    lookingEnds.abort();
    await stopChild(child, plan.stopWithinMs);
    if (signal?.aborted === true || error instanceof StackError) throw error;
    throw new StackError(
      withLastLines(error instanceof Error ? error.message : String(error), child),
    );
  }
}

async function deathOf<Ready>(plan: ProcessPlan<Ready>, child: Child): Promise<never> {
  const { code, signal } = await child.exited;
  const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
  const message = `${plan.name} ended ${how} before it was ready`;
  throw new StackError(withLastLines(message, child), code === 2 ? 2 : 1);
}

function withLastLines(message: string, child: Child): string {
  return [message, ...child.lastLines().map((line) => `  ${line}`)].join('\n');
}
