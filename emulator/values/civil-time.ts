const microsPerSecond = 1_000_000n;
const microsPerDay = 86_400n * microsPerSecond;

/** Days since 1970-01-01 as `YYYY-MM-DD`, for the years 1 to 9999. */
export function dateText(days: number): string {
  const date = new Date(days * 86_400_000);
  const year = String(date.getUTCFullYear()).padStart(4, '0');
  return `${year}-${twoDigits(date.getUTCMonth() + 1)}-${twoDigits(date.getUTCDate())}`;
}

/** Microseconds since midnight as `HH:MM:SS[.ffffff]`. */
export function timeText(micros: bigint): string {
  const seconds = Number(micros / microsPerSecond);
  const fraction = micros % microsPerSecond;
  const clock = [Math.trunc(seconds / 3600), Math.trunc(seconds / 60) % 60, seconds % 60];
  const tail = fraction === 0n ? '' : `.${String(fraction).padStart(6, '0')}`;
  return clock.map(twoDigits).join(':') + tail;
}

/** Microseconds since 1970 (no zone) as `YYYY-MM-DDTHH:MM:SS[.ffffff]`. */
export function datetimeText(micros: bigint): string {
  const sinceMidnight = ((micros % microsPerDay) + microsPerDay) % microsPerDay;
  const days = Number((micros - sinceMidnight) / microsPerDay);
  return `${dateText(days)}T${timeText(sinceMidnight)}`;
}

/** Microseconds since 1970 as `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`. */
export function isoTimestamp(micros: bigint): string {
  return `${datetimeText(micros)}Z`;
}

/** Parses `YYYY-[M]M-[D]D` into days since 1970; undefined if it is no date. */
export function parseDate(text: string): number | undefined {
  const [, year, month, day] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text) ?? [];
  if (year === undefined) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isReal = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return isReal ? date.getTime() / 86_400_000 : undefined;
}

/** Parses `[H]H:[M]M:[S]S[.f…]` into microseconds since midnight; undefined if it is no time. */
export function parseTime(text: string): bigint | undefined {
  const match = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,6})0*)?$/.exec(text);
  if (match === null) return undefined;
  const [hours = 0, minutes = 0, seconds = 0] = match.slice(1, 4).map(Number);
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined;
  const fraction = BigInt((match[4] ?? '').padEnd(6, '0'));
  return BigInt(hours * 3600 + minutes * 60 + seconds) * microsPerSecond + fraction;
}

/** Parses a date with an optional time (`T` or a space between) into microseconds since 1970; undefined if it is none. */
export function parseDatetime(text: string): bigint | undefined {
  const [, date = '', time] = /^([\d-]+)(?:[Tt ]([\d:.]+))?$/.exec(text.trim()) ?? [];
  const days = parseDate(date);
  const micros = time === undefined ? 0n : parseTime(time);
  if (days === undefined || micros === undefined) return undefined;
  return BigInt(days) * microsPerDay + micros;
}

/** Parses a datetime with `Z`, `UTC` or an offset `±H[H][:MM]` (default UTC) into microseconds since 1970; undefined if it is none. */
export function parseTimestamp(text: string): bigint | undefined {
  const match = /^(.*?)\s*(?:(?:Z|UTC)|([+-])(\d{1,2})(?::?(\d{2}))?)?$/i.exec(text.trim());
  const [, civil = '', sign, hours = '0', minutes = '0'] = match ?? [];
  const whole = parseDatetime(civil) === undefined && sign === '-' ? text.trim() : civil;
  const micros = parseDatetime(whole);
  if (micros === undefined || whole !== civil) return micros;
  const offset = BigInt(Number(hours) * 3600 + Number(minutes) * 60) * microsPerSecond;
  return sign === '-' ? micros + offset : micros - offset;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
