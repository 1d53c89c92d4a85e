import type { OutputStream } from './child.ts';

const warnLevel = 40;

/**
 * The part of a running role's log line that a person at the terminal wants to see: warnings, errors, and lines on
 * standard error that are not log records.
 */
export function noticeOf(stream: OutputStream, line: string): string | undefined {
  const record = parseRecord(line);
  if (record === undefined) return stream === 'stderr' && line.trim() !== '' ? line : undefined;
  if (record.level < warnLevel) return undefined;
  return record.reason === undefined ? record.message : `${record.message}: ${record.reason}`;
}

/** A line as pino writes it: one JSON object with a numeric level. */
function parseRecord(line: string) {
  if (!line.startsWith('{')) return undefined;
  try {
    const parsed: unknown = JSON.parse(line);
    if (typeof parsed !== 'object' || parsed === null) return undefined;
    if (!('level' in parsed) || typeof parsed.level !== 'number') return undefined;
    const message = 'msg' in parsed ? String(parsed.msg) : line;
    return { level: parsed.level, message, reason: reasonIn(parsed) };
  } catch {
    return undefined;
  }
}

function reasonIn(record: object): string | undefined {
  if ('error' in record && typeof record.error === 'string') return record.error;
  if (!('err' in record) || typeof record.err !== 'object' || record.err === null) return undefined;
  return 'message' in record.err ? String(record.err.message) : undefined;
}
