import { setTimeout as sleep } from 'node:timers/promises';
import { type Asker, createAsker, type Judged } from './ask-server.ts';
import type { Plan } from './plan.ts';

/** Sends the requests of a plan as they are due until it is done or told to stop; resolves when every answer has come. */
export async function runPlan(
  plan: Plan,
  stop: AbortSignal,
  onJudged: (judged: Judged) => void,
  onSent: () => void = () => undefined,
): Promise<void> {
  const asker = createAsker(plan);
  const ask = async (number: number) => {
    onSent();
    onJudged(await asker.ask(number));
  };
  try {
    await send(plan, ask, stop);
  } finally {
    asker.close();
  }
}

function send({ arrival }: Plan, ask: Ask, stop: AbortSignal): Promise<unknown> {
  switch (arrival.kind) {
    case 'at-once':
      return Promise.all(Array.from({ length: arrival.count }, (_, number) => ask(number)));
    case 'rate':
      return sendAtRate(arrival, ask, stop);
    case 'in-turn':
      return sendInTurn(arrival, ask, stop);
    default:
      return arrival satisfies never;
  }
}

type Ask = (number: number) => ReturnType<Asker['ask']> | Promise<void>;

/** Open-loop: who is slow to answer does not slow the asking down. */
async function sendAtRate(
  { perSecond, forMs = Number.POSITIVE_INFINITY }: { perSecond: number; forMs?: number },
  ask: Ask,
  stop: AbortSignal,
): Promise<void> {
  const startedMs = performance.now();
  const asked: unknown[] = [];
  for (let number = 0; !stop.aborted; number += 1) {
    const dueMs = (number * 1_000) / perSecond;
    if (dueMs >= forMs) break;
    const waitMs = startedMs + dueMs - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    if (!stop.aborted) asked.push(ask(number));
  }
  await Promise.all(asked);
}

async function sendInTurn(
  { count = Number.POSITIVE_INFINITY, pauseMs = 0 }: { count?: number; pauseMs?: number },
  ask: Ask,
  stop: AbortSignal,
): Promise<void> {
  for (let number = 0; number < count && !stop.aborted; number += 1) {
    await ask(number);
    if (pauseMs > 0) await sleep(pauseMs);
  }
}
