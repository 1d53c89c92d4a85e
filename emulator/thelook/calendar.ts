/** The last day in the generated files (ISO, UTC); mounting moves it to the wanted day. */
const ANCHOR_DAY = '2026-01-01';

/** The number of the last day, counted from 0: the files span three years, leap day included. */
export const LAST_DAY = 1095;

const MS_PER_DAY = 86_400_000;

/** Midnight UTC of an ISO date, in milliseconds since 1970. Throws a RangeError for anything but a calendar day. */
export function midnightMs(day: string): number {
  const ms = Date.parse(`${day}T00:00:00Z`);
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day) || new Date(ms).toISOString().slice(0, 10) !== day) {
    throw new RangeError(`expected a day as YYYY-MM-DD, got ${JSON.stringify(day)}`);
  }
  return ms;
}

/** Whole days from the files' last day to another day; negative for earlier ones. */
export function daysAfterAnchor(day: string): number {
  return (midnightMs(day) - midnightMs(ANCHOR_DAY)) / MS_PER_DAY;
}

/** Midnight UTC of the dataset's first day in the files, in seconds since 1970. */
export function firstSecond(): number {
  return (midnightMs(ANCHOR_DAY) - LAST_DAY * MS_PER_DAY) / 1000;
}
