import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Answered, Answers } from './answer-parent.ts';

/** A process of its own that answers questions: what judges must not share with the judged is a process. */
export interface Apart<A extends Answers> extends AsyncDisposable {
  readonly pid: number;
  /** Asks by name; rejects with what the answer threw, or when the process is gone. */
  ask<N extends keyof A & string>(
    name: N,
    ...given: Parameters<A[N]>
  ): Promise<Awaited<ReturnType<A[N]>>>;
}

/** Starts the module as a process of its own, which ends with this one; `A` is the type of what it answers. */
export async function startApart<A extends Answers>(module: URL): Promise<Apart<A>> {
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const child = fork(fileURLToPath(module), { serialization: 'advanced', env, execArgv: [] });
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();
  const ended = once(child, 'exit');
  child.on('message', (message: Answered | 'ready') => {
    if (message === 'ready') return;
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    if ('failure' in message) asked?.reject(new Error(message.failure));
    else asked?.resolve(message.value);
  });
  child.once('exit', () => {
    for (const asked of waiting.values()) asked.reject(new Error(`${module.pathname} is gone`));
  });
  await Promise.race([once(child, 'message'), ended.then(() => never(module))]);
  let count = 0;
  return {
    pid: child.pid ?? 0,
    ask(name, ...given) {
      const asked = Promise.withResolvers<unknown>();
      const id = ++count;
      waiting.set(id, asked);
      child.send({ id, name, given }, (error) => error && asked.reject(error));
      // The type of an answer is a promise of the module itself: what it answers is typed there.
      return asked.promise as never;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}

function never(module: URL): never {
  throw new Error(`${module.pathname} ended before it was ready`);
}
