import { styleText } from 'node:util';

/** What the start command prints on: progress and addresses on standard output, trouble on standard error. */
export interface Terminal {
  /** A step of the start, with the time since the terminal was made. */
  readonly step: (text: string) => void;
  readonly line: (text?: string) => void;
  readonly warn: (text: string) => void;
  readonly fail: (text: string) => void;
  /** Bold where the output is a terminal. */
  readonly strong: (text: string) => string;
}

/** Writes to this process's own streams; colours only where they are a TTY and NO_COLOR is not set. */
export function createTerminal(): Terminal {
  const startedAtMs = performance.now();
  // A terminal that has gone away (SIGHUP, a closed pipe) must not keep the stop from being orderly.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const out = (text: string) => void process.stdout.write(`${text}\n`);
  const err = (text: string) => void process.stderr.write(`${text}\n`);
  const onOut = { stream: process.stdout };
  const onErr = { stream: process.stderr };
  return {
    step: (text) => {
      const seconds = ((performance.now() - startedAtMs) / 1000).toFixed(1).padStart(5);
      out(`${styleText('dim', `${seconds} s`, onOut)}  ${text}`);
    },
    line: (text = '') => out(text),
    warn: (text) => err(`${styleText('yellow', 'warning', onErr)}  ${text}`),
    fail: (text) => err(`${styleText('red', 'Punctual could not start.', onErr)} ${text}`),
    strong: (text) => styleText('bold', text, onOut),
  };
}
