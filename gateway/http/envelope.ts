import { type Answer, worstSource } from '../answer/answer.ts';

/** A part's name beside its answer. */
export interface NamedAnswer {
  readonly name: string;
  readonly answer: Answer;
}

/** A stretch of an envelope's data: rows as they are stored, or what stands around them. */
export interface DataPiece {
  readonly bytes: Buffer;
  /** The same as a zstd frame, where the rows are stored as one. */
  readonly zstd?: Buffer | undefined;
}

/** The second half of an envelope at an instant, before and after what it says of one request. ASCII. */
export interface Meta {
  readonly before: string;
  readonly after: string;
}

/** The first half of `{data, meta}`: rows go in as the bytes that they are stored as, those of the only part alone if asked for. */
export function dataPieces(parts: readonly NamedAnswer[], rowsOnly: boolean): DataPiece[] {
  if (rowsOnly) return [syntax('{"data":'), rowsOf(parts[0]?.answer)];
  const data = parts.flatMap(({ name, answer }, index) => [
    syntax(`${index === 0 ? '{"data":{' : ','}${JSON.stringify(name)}:`),
    rowsOf(answer),
  ]);
  return [...(data.length > 0 ? data : [syntax('{"data":{')]), syntax('}')];
}

/** The second half, as it is told at an instant (milliseconds since the epoch): from the comma before `meta` to the end. */
export function metaAt(
  parts: readonly NamedAnswer[],
  { now, nextCursor }: { readonly now: number; readonly nextCursor?: string | undefined },
): Meta {
  const answers = parts.map(({ answer }) => answer);
  const source = worstSource(answers);
  const degraded = source !== 'fresh' && source !== 'live';
  const whole = asciiJson({ source, degraded, ...ageOf(oldestAsOf(answers), now) });
  const rest = asciiJson({
    ...(nextCursor === undefined ? {} : { nextCursor }),
    parts: Object.fromEntries(parts.map(({ name, answer }) => [name, partMeta(answer, now)])),
  });
  return {
    before: `,"meta":${whole.slice(0, -1)},"requestId":"`,
    after: `,${rest.slice(1)}}\n`,
  };
}

/** What is said of one request between the two parts of a {@link Meta}. Request ids are plain: nothing in them is escaped. */
export function ownMeta(requestId: string, elapsedMs: number): string {
  return `${requestId}","elapsedMs":${Math.round(elapsedMs)}`;
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

/** So that its characters are its bytes. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function partMeta(answer: Answer, now: number) {
  const label = { source: answer.source, ...(answer.reason ? { reason: answer.reason } : {}) };
  return answer.source === 'none'
    ? { ...label, code: answer.code }
    : {
        ...label,
        ...(answer.isPrevious ? { previousVersion: true } : {}),
        ...ageOf(answer.asOf, now),
      };
}

function ageOf(asOf: number | undefined, now: number) {
  if (asOf === undefined) return {};
  return { asOf: new Date(asOf).toISOString(), ageSeconds: ageSeconds(asOf, now) };
}

function rowsOf(answer: Answer | undefined): DataPiece {
  if (!answer || answer.source === 'none') return syntax('null');
  return { bytes: answer.rows, zstd: answer.zstd };
}

function syntax(text: string): DataPiece {
  return { bytes: Buffer.from(text) };
}
