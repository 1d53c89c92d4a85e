// How long after `npm start` is the first home page there?
//
// On a prepared machine: the dataset is made and Redis is installed, nothing is cached. The clock runs from the spawn of
// `node stack/main.ts` to the last byte of the first 200 of the home page, asked for again and again from the beginning.
// The first answer may be a fallback, because nothing is stored yet and the workers may not be there: so the clock runs on
// to the first answer with all its rows from the warehouse.
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Child, startChild, stopChild } from '../../stack/child.ts';
import { freePort } from '../../stack/port.ts';
import { benchEnv, datasetFolder, startBenchStack } from '../bench-stack.ts';
import { worstPart } from '../http/expect-source.ts';
import { getOnce } from '../http/get-once.ts';
import type { Reply } from '../http/read-reply.ts';
import { measureOf, median } from '../measure/measure.ts';
import type { Finding, Scenario, Setting } from '../scenario.ts';

/** From the start command to the first answer. */
export const start: Scenario = {
  name: 'start',
  question: 'How long after the start command does the home page answer for the first time?',
  async run(setting) {
    setting.say('preparing: the dataset is made if it is not there');
    const prepared = await startBenchStack({ ...setting, say: () => undefined });
    await prepared[Symbol.asyncDispose]();
    const starts: Start[] = [];
    for (let round = 0; round < (setting.quick ? 2 : 10); round++) {
      setting.signal.throwIfAborted();
      const one = await startOnce(setting);
      const ms = one.answeredMs.toFixed(0);
      setting.say(`start ${round + 1}: first answer after ${ms} ms, ${one.answeredFrom}`);
      starts.push(one);
    }
    return findingOf(starts);
  },
};

/** Milliseconds since the spawn. */
interface Start {
  readonly answeredMs: number;
  /** What the worst part of the first answer was, such as `live` or `fallback (timeout)`. */
  readonly answeredFrom: string;
  readonly completeMs: number;
  readonly readyMs: ReadonlyMap<string, number>;
  readonly stoppedAfterMs: number;
}

const ENTRY = fileURLToPath(new URL('../../stack/main.ts', import.meta.url));
const ANSWER_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 10;
const STOP_WITHIN_MS = 30_000;
const STEPS = ['redis-cache', 'gateway', 'emulator', 'worker'];

async function startOnce(setting: Setting): Promise<Start> {
  await using folder = await preparedFolder();
  const port = await freePort();
  const readyMs = new Map<string, number>();
  const startedMs = performance.now();
  const child = await startChild({
    command: process.execPath,
    args: [ENTRY],
    env: { ...benchEnv(setting), PORT: String(port), DATA_DIR: folder.path },
    onLine: (_stream, line) => {
      const name = /(\S+) is ready/.exec(line)?.[1];
      if (name !== undefined) readyMs.set(name, performance.now() - startedMs);
    },
  });
  try {
    const url = `http://127.0.0.1:${port}/api/v1/home/recommendations?limit=4`;
    const first = await untilAnswer(child, url, setting.signal, ({ status }) => status === 200);
    const answeredMs = performance.now() - startedMs;
    await untilAnswer(child, url, setting.signal, isComplete);
    const completeMs = performance.now() - startedMs;
    const answeredFrom = worstPart(first);
    return {
      answeredMs,
      answeredFrom,
      completeMs,
      readyMs,
      stoppedAfterMs: await stopCleanly(child),
    };
  } finally {
    await stopChild(child, STOP_WITHIN_MS);
  }
}

/** An empty data folder but for the datasets, which are those of all other runs. */
async function preparedFolder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'punctual-bench-'));
  const datasets = (await readdir(datasetFolder)).filter((name) => name.startsWith('thelook-'));
  for (const name of datasets) await symlink(join(datasetFolder, name), join(path, name));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

function isComplete(reply: Reply): boolean {
  return reply.status === 200 && ['fresh', 'live'].includes(worstPart(reply));
}

/** Asks again and again until an answer will do; it throws after a minute. */
async function untilAnswer(
  child: Child,
  url: string,
  signal: AbortSignal,
  willDo: (reply: Reply) => boolean,
): Promise<Reply> {
  const untilMs = performance.now() + ANSWER_WITHIN_MS;
  while (child.isRunning() && performance.now() < untilMs) {
    signal.throwIfAborted();
    // Nobody listens yet, or the gateway is up without its stores.
    const reply = await getOnce(url).catch(() => undefined);
    if (reply !== undefined && willDo(reply)) return reply;
    await pause(ASK_EVERY_MS, undefined, { signal });
  }
  throw new Error(`no such answer came; the start said:\n${child.lastLines().join('\n')}`);
}

async function stopCleanly(child: Child): Promise<number> {
  const askedMs = performance.now();
  child.signal('SIGTERM');
  const { code, signal } = await child.exited;
  if (code !== 0) throw new Error(`the stop ended with ${signal ?? `exit code ${code}`}`);
  return performance.now() - askedMs;
}

function findingOf(starts: readonly Start[]): Finding {
  const answered = starts.map(({ answeredMs }) => answeredMs);
  const complete = starts.map(({ completeMs }) => completeMs);
  const sources = [...new Set(starts.map(({ answeredFrom }) => answeredFrom))].sort();
  const steps = STEPS.map((step) =>
    measureOf(
      `until ${step} is ready`,
      'ms',
      starts.map(({ readyMs }) => readyMs.get(step) ?? Number.NaN),
    ),
  );
  const promise = { unit: 'ms', bound: 'at most', promised: 5_000 } as const;
  return {
    measures: [
      measureOf('until the first answer', 'ms', answered),
      measureOf('until the first answer with all rows from the warehouse', 'ms', complete),
      ...steps,
      measureOf(
        'from SIGTERM to the end',
        'ms',
        starts.map(({ stoppedAfterMs }) => stoppedAfterMs),
      ),
    ],
    figures: [
      { what: 'start to first answer, median', ...promise, measured: median(answered) },
      { what: 'start to first answer, worst', ...promise, measured: Math.max(...answered) },
    ],
    remarks: [
      {
        remark: `The dataset is made and in the file cache, Redis is installed, and nothing is stored in it. First answers were: ${sources.join(', ')}.`,
      },
    ],
  };
}
