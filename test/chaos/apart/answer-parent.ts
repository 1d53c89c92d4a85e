import { messageOf } from './message-of.ts';

/** What a process apart can be asked: functions by name; arguments and results travel by structured clone. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Answers = Readonly<Record<string, (...given: any[]) => unknown>>;

/** A question on the wire. */
export interface Asked {
  readonly id: number;
  readonly name: string;
  readonly given: readonly unknown[];
}

/** An answer on the wire. */
export type Answered =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly failure: string };

/** Answers the parent's questions over IPC until the parent is gone, and ends with it. */
export function answerParent(answers: Answers): void {
  process.on('message', (asked: Asked) => void answerOne(answers, asked));
  process.once('disconnect', () => process.exit());
  process.send?.('ready');
}

async function answerOne(answers: Answers, { id, name, given }: Asked): Promise<void> {
  const answered = await outcomeOf(answers, id, name, given);
  if (process.connected) process.send?.(answered);
}

async function outcomeOf(
  answers: Answers,
  id: number,
  name: string,
  given: readonly unknown[],
): Promise<Answered> {
  try {
    const answer = answers[name];
    if (answer === undefined) throw new Error(`nothing answers to ${name}`);
    return { id, value: await answer(...given) };
  } catch (error) {
    return { id, failure: messageOf(error) };
  }
}
