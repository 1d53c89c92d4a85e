import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Finding } from '../finding.ts';
import type { PartLabel } from '../judges/client/exchange.ts';
import type { Breakage } from '../judges/client/plan.ts';
import type { Harm } from './soak-fault.ts';

/** A request and what became of it; `at` is when it was sent. */
export interface RequestLine {
  readonly type: 'request';
  readonly at: number;
  readonly load: string;
  /** Its number among the requests of its load. */
  readonly number: number;
  readonly path: string;
  readonly dueMs: number;
  readonly lastByteMs?: number | undefined;
  readonly status?: number | undefined;
  /** A source, the code of a problem, or `not-modified`. */
  readonly outcome?: string | undefined;
  readonly broken?: Breakage | 'left' | undefined;
  readonly parts?: Readonly<Record<string, PartLabel>> | undefined;
  readonly stamps?: readonly string[] | undefined;
  /** What the client's own judge has found in its bytes. */
  readonly faults?: readonly Finding[] | undefined;
}

/** A fault begins or ends. */
export interface FaultLine {
  readonly type: 'fault';
  readonly at: number;
  readonly number: number;
  readonly phase: 'begins' | 'ends';
  readonly harm: Harm;
}

/** A warehouse job as it was last seen; `at` is when it was created. */
export interface JobLine {
  readonly type: 'job';
  readonly at: number;
  readonly jobId: string;
  readonly query: string | undefined;
  readonly mark: string;
  readonly endedAt: number | undefined;
  readonly cancelled: boolean;
  readonly error: string | undefined;
}

/** One line of the history of a soak; `at` is in milliseconds since the epoch. */
export type Line =
  | { readonly type: 'start'; readonly at: number; readonly seed: number; readonly minutes: number }
  | RequestLine
  | FaultLine
  | JobLine
  | RecoveryLine
  | { readonly type: 'kill'; readonly at: number; readonly role: string; readonly pid: number }
  | { readonly type: 'exit'; readonly at: number; readonly role: string; readonly pid: number }
  | MemoryLine
  | { readonly type: 'sent'; readonly at: number; readonly load: string; readonly count: number }
  | EndLine;

/** How long new questions took to be answered well once no fault was left; undefined when they were not. */
export interface RecoveryLine {
  readonly type: 'recovery';
  readonly at: number;
  readonly after: readonly number[];
  readonly query: string;
  readonly tookMs: number | undefined;
  readonly mostMs: number;
}

/** What a process held in memory. */
export interface MemoryLine {
  readonly type: 'memory';
  readonly at: number;
  readonly role: string;
  readonly pid: number;
  readonly bytes: number;
}

/** What was there when all was over: what flights and queues have left, and what stands in the logs. */
export interface EndLine {
  readonly type: 'end';
  readonly at: number;
  readonly findings: readonly Finding[];
}

/** A history as it is written down. */
export interface History extends AsyncDisposable {
  readonly lines: readonly Line[];
  add(line: Line): void;
}

/** Begins a history in a file of JSON lines. */
export async function openHistory(path: string): Promise<History> {
  await mkdir(dirname(path), { recursive: true });
  const file = createWriteStream(path);
  const lines: Line[] = [];
  return {
    lines,
    add(line) {
      lines.push(line);
      file.write(`${JSON.stringify(line)}\n`);
    },
    async [Symbol.asyncDispose]() {
      file.end();
      await finished(file);
    },
  };
}
