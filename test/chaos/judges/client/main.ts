import { answerParent } from '../../apart/answer-parent.ts';
import type { Finding } from '../../finding.ts';
import type { Judged } from './ask-server.ts';
import { type Exchange, isGood, tookMs } from './exchange.ts';
import type { Plan } from './plan.ts';
import { runPlan } from './run-plan.ts';

interface Underway {
  readonly stop: AbortController;
  readonly done: Promise<void>;
  readonly exchanges: Exchange[];
}

const underway = new Map<string, Underway>();
/** How many requests each plan has sent, over its end. */
const sent = new Map<string, number>();
const mostFindings = 25;
let findings: Finding[] = [];
let total = newTotal();

function newTotal() {
  return { asked: 0, answered: 0, faulty: 0, slowestMs: 0 };
}

function note({ exchange, faults }: Judged): void {
  total.asked += 1;
  if (exchange.lastByteMs !== undefined) {
    total.answered += 1;
    total.slowestMs = Math.max(total.slowestMs, tookMs(exchange));
  }
  if (faults.length > 0) total.faulty += 1;
  if (findings.length > mostFindings) return;
  const where = `${exchange.plan} ${exchange.path}`;
  findings.push(
    ...faults.map(({ invariant, what }) => ({ invariant, what: `${what} (${where})` })),
  );
}

function begin(plan: Plan): void {
  if (underway.has(plan.name)) throw new Error(`${plan.name} is under way already`);
  const exchanges: Exchange[] = [];
  const stop = new AbortController();
  const onJudged = (judged: Judged) => {
    exchanges.push(judged.exchange);
    note(judged);
  };
  sent.set(plan.name, 0);
  const onSent = () => void sent.set(plan.name, (sent.get(plan.name) ?? 0) + 1);
  const done = runPlan(plan, stop.signal, onJudged, onSent);
  done.catch(() => undefined);
  underway.set(plan.name, { stop, done, exchanges });
}

async function finish(name: string, isCutShort: boolean): Promise<readonly Exchange[]> {
  const plan = underway.get(name);
  if (plan === undefined) throw new Error(`${name} is not under way`);
  if (isCutShort) plan.stop.abort();
  await plan.done;
  underway.delete(name);
  return plan.exchanges;
}

const answers = {
  /** Begins a plan that goes on until {@link answers.end}. */
  begin,
  /** Stops sending and resolves with every exchange of the plan, once the last answer has come. */
  end: (name: string) => finish(name, true),
  /** The exchanges of a plan so far. */
  soFar: (name: string) => underway.get(name)?.exchanges ?? [],
  /** The exchanges of a plan that are over and were not taken before. */
  take: (name: string) => underway.get(name)?.exchanges.splice(0) ?? [],
  /** How many requests a plan has sent, answered or not. */
  sent: (name: string) => sent.get(name) ?? 0,
  /** Sends a plan that has an end, and resolves with its exchanges. */
  fire(plan: Plan): Promise<readonly Exchange[]> {
    begin(plan);
    return finish(plan.name, false);
  },
  /** Sends a plan until an answer is live or fresh; how many milliseconds that took, undefined when it did not happen. */
  async untilGood(plan: Plan, withinMs: number): Promise<number | undefined> {
    const startedMs = performance.now();
    const stop = new AbortController();
    const good = Promise.withResolvers<number | undefined>();
    const timer = setTimeout(() => good.resolve(undefined), withinMs);
    const running = runPlan(plan, stop.signal, (judged) => {
      note(judged);
      if (isGood(judged.exchange)) good.resolve(performance.now() - startedMs);
    });
    const tookMs = await good.promise;
    clearTimeout(timer);
    stop.abort();
    await running;
    return tookMs;
  },
  /** What was found since {@link answers.forget}. */
  verdict: () => ({ ...total, findings }),
  forget() {
    findings = [];
    total = newTotal();
    for (const name of sent.keys()) if (!underway.has(name)) sent.delete(name);
  },
};

/** What the deadline client's process can be asked. */
export type ClientAnswers = typeof answers;

answerParent(answers);
