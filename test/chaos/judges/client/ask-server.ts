import { createHash } from 'node:crypto';
import type { Finding } from '../../finding.ts';
import type { Exchange } from './exchange.ts';
import { findFaults } from './find-faults.ts';
import { type Line, openLine } from './line.ts';
import type { Plan, Question } from './plan.ts';

/** An exchange that is over, and what is wrong with it. */
export interface Judged {
  readonly exchange: Exchange;
  readonly faults: readonly Finding[];
}

/** Latest last byte of an answer whose caller sent no tighter deadline. */
const standardDueMs = 19_000;
/** What has not come this long after it was due is given up. */
const patienceMs = 3_000;

/** Sends the requests of one plan over its connections. */
export interface Asker {
  ask(number: number): Promise<Judged>;
  close(): void;
}

/** An asker with no connection yet; connections are opened as they are needed. */
export function createAsker(plan: Plan): Asker {
  const idle: Line[] = [];
  const answers = new Map<number, Exchange>();
  const takeLine = () => {
    for (let line = idle.pop(); line !== undefined; line = idle.pop())
      if (line.isUsable) return line;
    return openLine(plan.origin);
  };
  return {
    async ask(number) {
      const asked = number % plan.questions.length;
      const question = continued(numbered(plan, number), answers.get(asked));
      const dueMs = dueOf(question);
      const exchange = newExchange(plan.name, question, number);
      const line = takeLine();
      const reply = await line.ask({
        exchange,
        request: requestOf(plan, question),
        hangsAfterMs: dueMs + patienceMs,
        leavesAfterMs: leavesAfterMs(plan),
      });
      if (plan.keepAlive === true && line.isUsable) idle.push(line);
      else line.close();
      if (reply !== undefined) {
        exchange.status = reply.status;
        exchange.headers = reply.headers;
        exchange.bodyHash = createHash('sha256').update(reply.body).digest('hex').slice(0, 16);
      }
      const yardstick = { dueMs, tolerates: plan.tolerates ?? [], bounds: question.bounds };
      const faults = findFaults(exchange, reply?.body.toString() ?? '', yardstick);
      if (faults.length > 0) exchange.faults = faults;
      if (reply?.status === 200) answers.set(asked, exchange);
      else if (reply?.status !== 304) answers.delete(asked);
      return { exchange, faults };
    },
    close() {
      for (const line of idle) line.close();
    },
  };
}

function numbered({ questions }: Plan, number: number): Question {
  const question = questions[number % questions.length];
  if (question === undefined) throw new Error('a plan without questions');
  const filled = (text: string) => text.replaceAll('{n}', String(number));
  const key = question.key === undefined ? {} : { key: filled(question.key) };
  return { ...question, ...key, path: filled(question.path) };
}

/** What the last answer to the same question has to say of this one: where its list goes on, which version is known. */
function continued(question: Question, last: Exchange | undefined): Question {
  const cursor = last?.nextCursor === undefined ? '' : `&cursor=${last.nextCursor}`;
  const path = question.path.replace('{cursor}', cursor);
  const etag = question.revalidates === true ? last?.headers?.['etag'] : undefined;
  if (etag === undefined) return { ...question, path };
  return { ...question, path, headers: { ...question.headers, 'If-None-Match': etag } };
}

function newExchange(plan: string, { path, key }: Question, number: number): Exchange {
  return { plan, path, key, number, sentMs: performance.now(), sentAt: Date.now() };
}

function requestOf({ origin, keepAlive }: Plan, { path, headers }: Question): Buffer {
  const all = {
    Host: new URL(origin).host,
    ...(keepAlive === true ? {} : { Connection: 'close' }),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`GET ${encodeURI(path)} HTTP/1.1\r\n${lines.join('')}\r\n`);
}

/** The answer's own deadline and a second for its bytes. */
function dueOf({ headers = {} }: Question): number {
  const asked = Object.entries(headers).find(([name]) => name.toLowerCase() === 'request-timeout');
  const seconds = Number(asked?.[1]);
  return Number.isFinite(seconds) ? seconds * 1_000 + 1_000 : standardDueMs;
}

function leavesAfterMs({ leaves }: Plan): number | undefined {
  if (leaves === undefined || Math.random() >= leaves.share) return undefined;
  return Math.random() * leaves.withinMs;
}
