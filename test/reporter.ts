import { relative, resolve } from 'node:path';
import type { TestEvent } from 'node:test/reporters';
import { styleText } from 'node:util';
import { describeFailure } from './describe-failure.ts';

type Result = Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>;

interface FileState {
  /** Names of the tests that are open, outermost first. */
  readonly path: string[];
  /** Nesting of the children just summed up: the next result is their parent's. */
  planned: number | undefined;
  /** The end of what the file has printed since its last failure. */
  output: string;
}

const keptOutput = 20_000;

/**
 * Reporter for node:test: a line for each test, failures with diff and stack, and as the very last line
 * `N passed, N failed` (and `, N skipped`). Counts leaf tests, and files or suites that fail by themselves.
 */
export default async function* report(source: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const files = new Map<string, FileState>();
  const failures: string[] = [];
  let current = '';
  let durationMs = 0;
  for await (const event of source) {
    if (event.type === 'test:summary' && event.data.file === undefined) {
      durationMs = event.data.duration_ms;
    }
    const file = fileOf(event);
    const state = stateOf(files, file);
    note(event, state);
    if (event.type !== 'test:pass' && event.type !== 'test:fail') continue;
    const verdict = judge(event, file, state);
    if (verdict === undefined) continue;
    counts[verdict] += 1;
    if (file !== current) yield `\n${styleText('bold', relative('.', file) || 'tests')}\n`;
    current = file;
    yield resultLine(event, verdict, state);
    if (verdict !== 'failed') continue;
    failures.push(`${relative('.', file)}: ${labelOf(event, state)}`);
    yield failureText(event, state);
  }
  if (failures.length > 0) yield `\nFailed:\n${failures.map((name) => `  ${name}\n`).join('')}`;
  yield `\n${(durationMs / 1000).toFixed(1)} s\n`;
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  yield `${counts.passed} passed, ${counts.failed} failed${skipped}\n`;
}

function fileOf(event: TestEvent): string {
  const { data } = event;
  return data !== undefined && 'file' in data && typeof data.file === 'string'
    ? resolve(data.file)
    : '';
}

function stateOf(files: Map<string, FileState>, file: string): FileState {
  const known = files.get(file);
  if (known !== undefined) return known;
  const state: FileState = { path: [], planned: undefined, output: '' };
  files.set(file, state);
  return state;
}

function note(event: TestEvent, state: FileState): void {
  if (event.type === 'test:start') {
    state.path.length = event.data.nesting;
    state.path[event.data.nesting] = event.data.name;
  }
  if (event.type === 'test:plan') state.planned = event.data.nesting;
  if (event.type === 'test:stdout' || event.type === 'test:stderr') {
    state.output = `${state.output}${event.data.message}`.slice(-keptOutput);
  }
  if (event.type === 'test:diagnostic' && event.data.file !== undefined) {
    state.output = `${state.output}${event.data.message}\n`.slice(-keptOutput);
  }
}

/** A parent counts only when it fails for a reason of its own; an empty file counts for nothing. */
function judge(event: Result, file: string, state: FileState) {
  const { data } = event;
  const isParent = data.details.type === 'suite' || state.planned === data.nesting + 1;
  state.planned = undefined;
  const isFile = data.nesting === 0 && resolve(data.name) === file;
  if (event.type === 'test:pass' && (isParent || isFile)) return undefined;
  if (isMarked(data.skip) || isMarked(data.todo)) return 'skipped';
  if (event.type === 'test:pass') return 'passed';
  return isParent && failureTypeOf(event) === 'subtestsFailed' ? undefined : 'failed';
}

function isMarked(mark: string | boolean | undefined): boolean {
  return mark !== undefined && mark !== false;
}

function failureTypeOf(event: Extract<Result, { type: 'test:fail' }>): string | undefined {
  const { error } = event.data.details;
  return 'failureType' in error ? String(error.failureType) : undefined;
}

function labelOf(event: Result, state: FileState): string {
  return [...state.path.slice(0, event.data.nesting), event.data.name].join(' › ');
}

const marks = {
  passed: styleText('green', '✓'),
  failed: styleText('red', '✗'),
  skipped: styleText('yellow', '-'),
};

function resultLine(event: Result, verdict: keyof typeof marks, state: FileState): string {
  const time = styleText('dim', `${Math.round(event.data.details.duration_ms)} ms`);
  return `  ${marks[verdict]} ${labelOf(event, state)}  ${time}\n`;
}

function failureText(event: Result, state: FileState): string {
  const error = event.type === 'test:fail' ? describeFailure(event.data.details.error) : '';
  const output = state.output.trim() === '' ? '' : `output of the file:\n${state.output.trimEnd()}`;
  state.output = '';
  return [error, output]
    .filter((text) => text !== '')
    .map((text) => `${text.replaceAll(/^/gm, '      ')}\n`)
    .join('');
}
