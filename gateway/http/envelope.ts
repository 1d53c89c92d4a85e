import { type Answer, worstSource } from '../answer/answer.ts';

/** A part's name beside its answer. */
export interface NamedAnswer {
  readonly name: string;
  readonly answer: Answer;
}

/** What an envelope says beside its parts. */
export interface EnvelopeFacts {
  readonly requestId: string;
  readonly elapsedMs: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** `data` is the rows of the only part instead of an object of parts. */
  readonly rowsOnly: boolean;
  readonly nextCursor?: string | undefined;
}

/** Writes `{data, meta}`, in pieces: rows go in as the bytes that they are stored as, and are not copied. */
export function writeEnvelope(parts: readonly NamedAnswer[], facts: EnvelopeFacts): Buffer[] {
  const meta = Buffer.from(`,"meta":${JSON.stringify(metaOf(parts, facts))}}\n`);
  if (facts.rowsOnly) return [Buffer.from('{"data":'), rowsOf(parts[0]?.answer), meta];
  const data = parts.flatMap(({ name, answer }, index) => [
    Buffer.from(`${index === 0 ? '' : ','}${JSON.stringify(name)}:`),
    rowsOf(answer),
  ]);
  return [Buffer.from('{"data":{'), ...data, Buffer.from('}'), meta];
}

/** The oldest `asOf` of the answers: that of the whole. Undefined when none has one. */
export function oldestAsOf(answers: readonly Answer[]): number | undefined {
  const instants = answers.flatMap((answer) =>
    answer.source !== 'none' && answer.asOf !== undefined ? [answer.asOf] : [],
  );
  return instants.length > 0 ? Math.min(...instants) : undefined;
}

/** Whole seconds since an instant, never below zero, however the clocks stand. */
export function ageSeconds(asOf: number, now: number): number {
  return Math.max(0, Math.floor((now - asOf) / 1_000));
}

function metaOf(parts: readonly NamedAnswer[], facts: EnvelopeFacts) {
  const answers = parts.map(({ answer }) => answer);
  const source = worstSource(answers);
  return {
    source,
    degraded: source !== 'fresh' && source !== 'live',
    ...ageOf(oldestAsOf(answers), facts.now),
    requestId: facts.requestId,
    elapsedMs: Math.round(facts.elapsedMs),
    ...(facts.nextCursor === undefined ? {} : { nextCursor: facts.nextCursor }),
    parts: Object.fromEntries(parts.map(({ name, answer }) => [name, partMeta(answer, facts.now)])),
  };
}

function partMeta(answer: Answer, now: number) {
  const label = { source: answer.source, ...(answer.reason ? { reason: answer.reason } : {}) };
  return answer.source === 'none'
    ? { ...label, code: answer.code }
    : { ...label, ...ageOf(answer.asOf, now) };
}

function ageOf(asOf: number | undefined, now: number) {
  if (asOf === undefined) return {};
  return { asOf: new Date(asOf).toISOString(), ageSeconds: ageSeconds(asOf, now) };
}

function rowsOf(answer: Answer | undefined): Buffer {
  return !answer || answer.source === 'none' ? Buffer.from('null') : answer.rows;
}
