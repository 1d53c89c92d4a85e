import { isDeepStrictEqual } from 'node:util';
import type { Fault } from '../../with-stack.ts';
import { type Chaos, defineRow } from '../row.ts';

const each = 3;
const within = { 'Request-Timeout': '7' };

/** Replies with a fault, and where; a number that cannot be kept is the query's own doing. */
const shapes: Readonly<Record<string, readonly Fault[]>> = {
  'html-inserted': [{ match: { route: 'insert' }, http: { htmlOk: true } }],
  'html-read': [{ match: { route: 'results' }, http: { htmlOk: true } }],
  truncated: [{ match: { route: 'results' }, http: { truncated: true } }],
  empty: [{ match: { route: 'results' }, http: { emptyOk: true } }],
  'no-status': [{ match: { route: 'insert' }, http: { noStatus: true } }],
  'no-schema': [{ match: { route: 'results' }, http: { noSchema: true } }],
  'missing-cell': [{ match: { route: 'results' }, http: { missingCell: true } }],
  'extra-cell': [{ match: { route: 'results' }, http: { extraCell: true } }],
  'wrong-numbers': [{ match: { route: 'results' }, http: { wrongCell: true } }],
  'wrong-texts': [{ match: { route: 'results' }, http: { wrongText: true } }],
  nan: [],
  big: [],
};
/** The job is there whatever was said of it, and can be read. */
const readable = new Set(['html-inserted', 'no-status']);
const refusals = ['bad-result', 'warehouse-failed', 'breaker-open', 'timeout'];

export default defineRow({
  id: 'W10',
  title: 'Replies of the warehouse are malformed',
  injected: `${Object.keys(shapes).join(', ')}: 3 questions each, all at once, due in 7 s`,
  quick: false,
  allows: { warehouse: { jobsPerMark: 3 } },
  async run(chaos) {
    const figures: Record<string, string> = {};
    for (const [name, faults] of Object.entries(shapes)) {
      await chaos.faults(...faults.map((fault) => onlyExact(fault)));
      figures[name] = await judge(chaos, name);
      await chaos.faults();
      await chaos.recovery('exact');
    }
    return figures;
  },
});

function onlyExact(fault: Fault): Fault {
  return { ...fault, match: { ...Object(fault['match']), query: 'exact' } };
}

async function judge(chaos: Chaos, name: string): Promise<string> {
  const keys = Array.from({ length: each }, (_, number) => `${chaos.run}-${name}-${number}`);
  const answers = await Promise.all(
    keys.map((key) => chaos.stack.get(`/api/v1/queries/exact?key=${key}`, within)),
  );
  const told = answers.map(({ status, body }, at) =>
    status === 200 ? judgeRows(body.data, keys[at] ?? '') : String(body?.code),
  );
  const expected = new Set([...refusals, ...(readable.has(name) ? ['right'] : [])]);
  const isAsExpected = told.every((what) => expected.has(what));
  chaos.claim(`${name}: refused, and no value altered`, isAsExpected, told.join(', '));
  return told.join(', ');
}

function judgeRows(rows: readonly object[], key: string): 'right' | 'altered' {
  const right = { key, whole: Number.MAX_SAFE_INTEGER, part: 0.1, digits: '9007199254740993' };
  const [row] = rows;
  // Stamps and instants are new every time.
  const isRight = rows.length === 1 && isDeepStrictEqual({ ...row, ...right }, row);
  return isRight ? 'right' : 'altered';
}
