/** How far something has come that consists of so many parts. */
export interface Progress {
  readonly total: number;
  readonly flown: number;
  readonly skipped: number;
  readonly failed: number;
}

/** Where progress is shown; disposing leaves the terminal's line as it was. */
export interface ProgressShow extends AsyncDisposable {
  tell(name: string, progress: Progress): void;
}

const BAR_CELLS = 30;
const CLEAR_LINE = '\r\u001B[2K';

/** What progress is written to. */
interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Shows progress on standard error, so that the result alone stands in standard output: a bar, or a line for every tenth where nobody looks. */
export function showProgress(isQuiet: boolean, out: Screen = process.stderr): ProgressShow {
  const shown = new Map<string, number>();
  return {
    tell(name, progress) {
      const step = out.isTTY
        ? doneOf(progress)
        : Math.floor((10 * doneOf(progress)) / Math.max(1, progress.total));
      if (isQuiet || shown.get(name) === step) return;
      shown.set(name, step);
      const line = progressLine(name, progress, out.isTTY === true);
      out.write(out.isTTY ? `${CLEAR_LINE}${line}` : `${line}\n`);
    },
    async [Symbol.asyncDispose]() {
      if (out.isTTY && shown.size > 0) out.write(CLEAR_LINE);
    },
  };
}

function doneOf({ flown, skipped, failed }: Progress): number {
  return flown + skipped + failed;
}

/** One line: a bar for those who look on, and the counts. */
export function progressLine(name: string, progress: Progress, withBar: boolean): string {
  const { total, skipped, failed } = progress;
  const done = doneOf(progress);
  const filled = total === 0 ? 0 : Math.min(BAR_CELLS, Math.round((done / total) * BAR_CELLS));
  const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR_CELLS - filled)} `;
  return `${name} ${withBar ? bar : ''}${done}/${total}, ${skipped} skipped, ${failed} failed`;
}
