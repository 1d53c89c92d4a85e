import { z } from 'zod';

/** The REST calls that a fault can be tied to. */
const faultRoutes = ['insert', 'query', 'get', 'results', 'cancel', 'table'] as const;

export type FaultRoute = (typeof faultRoutes)[number];

/** Replies that no BigQuery should give; the README says what each is. */
export const malformedReplies = [
  'htmlOk',
  'emptyOk',
  'truncated',
  'reset',
  'noStatus',
  'noSchema',
  'missingCell',
  'extraCell',
  'wrongCell',
  'wrongText',
  'incomplete',
  'endless',
  'previous',
] as const;

export type MalformedReply = (typeof malformedReplies)[number];

const match = z.strictObject({
  query: z.string().min(1).optional(),
  route: z.enum(faultRoutes).optional(),
});

const fields = z.strictObject({
  match: match.default({}),
  at: z.enum(['job', 'http']).optional(),
  latencyMs: z.int().min(0).max(3_600_000).optional(),
  hang: z.literal(true).optional(),
  error: z
    .strictObject({
      status: z.union([z.literal(200), z.int().min(400).max(599)]).optional(),
      reason: z.string().min(1),
      message: z.string().optional(),
    })
    .optional(),
  http: z.partialRecord(z.enum(malformedReplies), z.literal(true)).optional(),
  probability: z.number().min(0).max(1).default(1),
  times: z.int().positive().nullable().default(null),
});

const fault = fields
  .check((context) => {
    for (const { path, message } of problemsOf(context.value))
      context.issues.push({ code: 'custom', input: context.value, path, message });
  })
  .transform((value) => ({ ...value, at: levelOf(value) }));

type Fields = z.infer<typeof fields>;

/** A rule for misbehaving: which jobs or calls it strikes, with what, how often. */
export type Fault = z.infer<typeof fault>;

/** The body of `PUT /emulator/faults`. */
export const faultList = z.array(fault).max(1000);

function problemsOf(value: Fields) {
  const problems: { path: string[]; message: string }[] = [];
  const kinds = [value.hang, value.error, value.http].filter((kind) => kind !== undefined);
  if (kinds.length > 1)
    problems.push({ path: [], message: 'has more than one of hang, error and http' });
  if (kinds.length === 0 && value.latencyMs === undefined)
    problems.push({ path: [], message: 'needs one of latencyMs, hang, error and http' });
  if (value.http !== undefined && Object.keys(value.http).length !== 1)
    problems.push({ path: ['http'], message: `needs one of ${malformedReplies.join(', ')}` });
  if (value.at === 'job' && value.http !== undefined)
    problems.push({ path: ['at'], message: 'must be "http" beside http' });
  if (value.error?.status === 200 && levelOf(value) === 'job')
    problems.push({ path: ['error', 'status'], message: 'can be 200 only where at is "http"' });
  if (value.at === 'job' && value.match.route !== undefined)
    problems.push({ path: ['at'], message: 'must be "http" beside match.route' });
  return problems;
}

function levelOf({ at, http, match }: Fields): 'job' | 'http' {
  return at ?? (http !== undefined || match.route !== undefined ? 'http' : 'job');
}
