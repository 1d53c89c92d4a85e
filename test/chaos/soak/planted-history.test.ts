import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Invariant } from '../finding.ts';
import { checkHistory } from './check-history.ts';
import type { FaultLine, JobLine, Line, RequestLine } from './history.ts';
import type { Harm } from './soak-fault.ts';

const startAt = Date.parse('2026-01-01T00:00:00Z');
const after = (ms: number) => startAt + ms;

function request(more: Partial<RequestLine> = {}): RequestLine {
  const at = more.at ?? after(1_000);
  return {
    type: 'request',
    load: 'hits',
    number: 0,
    path: '/q?key=a',
    dueMs: 19_000,
    lastByteMs: 20,
    status: 200,
    outcome: 'fresh',
    ...more,
    at,
  };
}

/** A whole answer of one part, of the version of this instant. */
function version(at: number, asOf: number, source = 'fresh', stamp = String(asOf)): RequestLine {
  const label = { source, asOf: new Date(asOf).toISOString(), ageSeconds: 0 };
  return request({
    at,
    load: 'stale',
    number: at,
    outcome: source,
    parts: { rows: label },
    stamps: [stamp],
  });
}

function job(more: Partial<JobLine> = {}): JobLine {
  const at = more.at ?? after(1_000);
  return {
    type: 'job',
    jobId: `job-${at}`,
    query: 'lasting',
    mark: 'a',
    endedAt: at + 100,
    cancelled: false,
    error: undefined,
    ...more,
    at,
  };
}

let faults = 0;
function fault(harm: Harm, from: number, to: number): FaultLine[] {
  const number = ++faults;
  return [
    { type: 'fault', at: from, number, phase: 'begins', harm },
    { type: 'fault', at: to, number, phase: 'ends', harm },
  ];
}

function finds(invariant: Invariant | undefined, ...lines: readonly Line[]): void {
  const history: Line[] = [{ type: 'start', at: startAt, seed: 1, minutes: 1 }, ...lines];
  const found = checkHistory(history);
  assert.deepEqual(
    [...new Set(found.map((one) => one.invariant))],
    invariant === undefined ? [] : [invariant],
    JSON.stringify(found),
  );
}

const cut: Harm = { kind: 'store-cut', store: 'cache' };

describe('the check of a history', () => {
  test('finds nothing in a good one', () => {
    finds(
      undefined,
      request(),
      request({ number: 1, load: 'wrong', status: 400, outcome: 'invalid-parameters' }),
      request({ number: 1, status: 304, outcome: 'not-modified', load: 'revalidating' }),
      { type: 'sent', at: after(2_000), load: 'hits', count: 1 },
      job(),
      { type: 'kill', at: after(1), role: 'worker', pid: 5 },
      { type: 'exit', at: after(2), role: 'worker', pid: 5 },
      { type: 'recovery', at: after(3), after: [1], query: 'plain', tookMs: 10, mostMs: 5_000 },
      { type: 'end', at: after(4), findings: [] },
    );
  });

  test('finds a late answer and a missing one, but not who left', () => {
    finds('I1', request({ lastByteMs: 19_001 }));
    finds('I1', request({ dueMs: 2_000, lastByteMs: 2_001 }));
    finds(
      'I1',
      request({ load: 'misses', outcome: undefined, broken: 'hang', ...cutShort }),
      ...trouble,
    );
    finds(undefined, request({ load: 'leaving', outcome: undefined, broken: 'left', ...cutShort }));
  });

  test('finds a reset, unless the process that held it was killed', () => {
    const reset = request({ load: 'stale', outcome: undefined, broken: 'reset', ...cutShort });
    const killed: Harm = { kind: 'gateway-killed', process: 0 };
    finds('I1', reset);
    finds(undefined, reset, ...fault(killed, after(1_500), after(2_000)));
    finds('I1', reset, ...fault(killed, after(30_000), after(31_000)));
  });

  test('finds what the judge of the bytes has found: a wrong shape, a foreign row, a false label', () => {
    for (const invariant of ['I2', 'I3', 'I9'] as const)
      finds(invariant, request({ faults: [{ invariant, what: 'planted' }] }));
  });

  test('finds an error beside a fallback, a stale answer for max-stale=0, and data for a wrong request', () => {
    finds('I9', request({ load: 'backed', status: 503, outcome: 'store-down' }));
    finds('I9', request({ load: 'demanding', outcome: 'stale' }));
    finds('I2', request({ load: 'wrong' }));
  });

  test('finds requests without an end, with two, and with an end that is none', () => {
    const sent: Line = { type: 'sent', at: after(9_000), load: 'hits', count: 2 };
    finds(undefined, sent, request(), request({ number: 1 }));
    finds('I4', sent, request());
    finds('I4', sent, request(), request(), request({ number: 1 }));
    finds('I4', sent, request(), request({ number: 1 }), request({ number: 2 }));
    finds('I4', request({ load: 'stale', outcome: undefined }));
  });

  test('finds two jobs of a question at a time, one more for each fault that loses a holder', () => {
    const long = job({ endedAt: after(9_000), cancelled: true });
    const second = job({ at: after(3_000), cancelled: true });
    const third = job({ at: after(3_050), cancelled: true, endedAt: after(9_000) });
    const killed: Harm = { kind: 'worker-killed', worker: 0 };
    finds('I5', long, second);
    finds(undefined, long, job({ at: after(3_000), cancelled: true, mark: 'b' }));
    finds(undefined, long, second, ...fault(killed, after(2_000), after(2_500)));
    finds('I5', long, second, ...fault(cut, after(2_000), after(2_000)));
    finds(
      'I5',
      long,
      { ...second, endedAt: after(9_000) },
      third,
      ...fault(killed, after(2_000), after(2_500)),
    );
  });

  test('finds a job that runs again while its result is fresh, unless the result was lost', () => {
    const again = job({ at: after(60_000) });
    finds('I5', job(), again);
    finds(undefined, job(), ...fault(cut, after(30_000), after(30_000)), again);
    finds(undefined, job({ cancelled: true }), again);
    finds(undefined, job({ error: 'backendError' }), again);
    finds(undefined, job({ query: 'plain' }), { ...again, query: 'plain' });
  });

  test('finds a job that is older than its budget, and one that still runs', () => {
    finds('I5', job({ endedAt: after(1_000) + 17_001 }));
    finds(undefined, job({ query: 'home-popular', endedAt: after(1_000) + 60_000 }));
    finds('I5', job({ endedAt: undefined }));
  });

  test('finds a version that goes back, unless it is called stale or a loss explains it', () => {
    const [older, newer] = [after(-9_000), after(500)];
    finds(undefined, version(after(1_000), older), version(after(2_000), newer));
    finds('I9', version(after(1_000), newer), version(after(2_000), older));
    finds(undefined, version(after(1_000), newer), version(after(2_000), older, 'stale'));
    finds(undefined, version(after(1_000), newer), version(after(1_010), older));
    const lost = fault(cut, after(-1_000), after(-1_000));
    finds(undefined, ...lost, version(after(1_000), newer), version(after(2_000), older));
  });

  test('finds one version with two contents', () =>
    finds('I9', version(after(1_000), 5, 'stale', 'x'), version(after(2_000), 5, 'stale', 'y')));

  test('finds what is slow to recover, or does not', () => {
    const recovery = {
      type: 'recovery',
      at: after(1),
      after: [1],
      query: 'plain',
      mostMs: 5_000,
    } as const;
    finds('I7', { ...recovery, tookMs: 5_001 });
    finds('I7', { ...recovery, tookMs: undefined });
  });

  test('finds a bad answer while nothing is broken', () => {
    const bad = request({ load: 'misses', status: 503, outcome: 'store-down' });
    finds('I7', bad);
    finds(undefined, bad, ...fault(cut, after(500), after(1_500)));
  });

  test('finds an end that nobody made, and what the end has shown', () => {
    finds('I8', { type: 'exit', at: after(1), role: 'gateway', pid: 5 });
    finds('I6', {
      type: 'end',
      at: after(1),
      findings: [{ invariant: 'I6', what: 'a lease is left' }],
    });
  });

  test('finds memory that grows from the second third to the last', () => {
    const samples = (grows: number): Line[] =>
      Array.from({ length: 300 }, (_, number) => ({
        type: 'memory',
        at: after(number * 2_000),
        role: 'worker',
        pid: 1,
        bytes: (200 + grows * Math.max(0, number - 100)) * 2 ** 20,
      }));
    finds(undefined, ...samples(0));
    finds('I6', ...samples(1));
  });
});

const cutShort = { status: undefined, lastByteMs: undefined };
const trouble = fault(cut, after(0), after(5_000));
