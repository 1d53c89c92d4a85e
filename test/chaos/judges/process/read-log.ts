import { open } from 'node:fs/promises';
import { type Finding, finding } from '../../finding.ts';

/** What must never stand in the log of a role. */
const alarms =
  /unhandled ?rejection|uncaught ?exception|UnhandledPromise|FATAL ERROR|MaxListenersExceeded|triggerUncaught/i;

/** What a piece of a log comes to. */
export interface LogFigures {
  readonly lines: number;
  /** Most lines of level warn or worse within one second. */
  readonly mostTroubleLinesPerSecond: number;
  readonly findings: readonly Finding[];
}

/** Reads what was written to a log since an offset; a log that is not there is empty. */
export async function readFrom(path: string, offset: number): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return '';
  await using log = file;
  const { size } = await log.stat();
  const bytes = Buffer.alloc(Math.max(0, size - offset));
  await log.read(bytes, 0, bytes.length, offset);
  return bytes.toString('utf8');
}

/** Looks through a piece of the log of a role. */
export function judgeLog(role: string, text: string): LogFigures {
  const lines = text.split('\n').filter((line) => line !== '');
  const perSecond = new Map<string, number>();
  const findings: Finding[] = [];
  for (const line of lines) {
    const { level, time } = parsed(line);
    // A bare stack is what Node.js itself prints before it ends; one inside a JSON line has been caught and told.
    if (alarms.test(line) || /^\s+at .+:\d+:\d+\)?$/.test(line))
      findings.push(finding('I8', `${role}: ${line.trim().slice(0, 200)}`));
    if (level >= 40) perSecond.set(time, (perSecond.get(time) ?? 0) + 1);
  }
  const mostTroubleLinesPerSecond = Math.max(0, ...perSecond.values());
  return { lines: lines.length, mostTroubleLinesPerSecond, findings };
}

function parsed(line: string): { level: number; time: string } {
  try {
    const { level, time } = JSON.parse(line) as { level?: unknown; time?: unknown };
    return { level: Number(level), time: String(time).slice(0, 19) };
  } catch {
    return { level: 0, time: '' };
  }
}
