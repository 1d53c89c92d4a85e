const dayOfWeek: Readonly<Record<string, number>> = {
  week: 0,
  week_sunday: 0,
  week_monday: 1,
  week_tuesday: 2,
  week_wednesday: 3,
  week_thursday: 4,
  week_friday: 5,
  week_saturday: 6,
  isoweek: 1,
};
const plainUnits = [
  'year',
  'quarter',
  'month',
  'day',
  'hour',
  'minute',
  'second',
  'millisecond',
  'microsecond',
];
const zoned = (name: string, on: string): string =>
  `${name}(x) AS ${on}, (x, tz) AS ${on.replace(/\bx\b/g, 'timezone(tz, CAST(x AS TIMESTAMPTZ))')}`;

/** The start of the week that holds `x`, whose first day is `day` (0 is Sunday). */
const weekStart = (x: string, day: number): string =>
  `date_trunc('week', ${x} - to_days(${day - 1})) + to_days(${day - 1})`;

const truncations = [
  ...plainUnits.map((unit): [string, string] => [unit, `date_trunc('${unit}', x)`]),
  ...Object.entries(dayOfWeek).map(([name, day]): [string, string] => [name, weekStart('x', day)]),
  ['isoyear', "date_trunc('isoyear', x)"] as [string, string],
];

function truncation([unit, on]: [string, string]): string {
  const local = on.replace(/\bx\b/g, 'timezone(tz, x)');
  return `trunc_${unit}(x) AS cast_to_type(${on}, x), (x, tz) AS timezone(tz, ${local})`;
}

function weeksBetween(unit: string, day: number): string {
  const days = `date_diff('day', ${weekStart('CAST(b AS TIMESTAMP)', day)}, ${weekStart('CAST(a AS TIMESTAMP)', day)})`;
  return `diff_${unit}(a, b) AS ${days} // 7`;
}

const extractions = [
  ...['year', 'isoyear', 'quarter', 'month', 'day', 'hour', 'minute', 'second'].map((field) =>
    zoned(`extract_${field}`, `CAST(date_part('${field}', x) AS BIGINT)`),
  ),
  zoned('extract_dayofweek', "CAST(date_part('dow', x) + 1 AS BIGINT)"),
  zoned('extract_dayofyear', "CAST(date_part('doy', x) AS BIGINT)"),
  zoned('extract_isoweek', "CAST(date_part('week', x) AS BIGINT)"),
  zoned('extract_week', "CAST(strftime(x, '%U') AS BIGINT)"),
  zoned('extract_week_sunday', "CAST(strftime(x, '%U') AS BIGINT)"),
  zoned('extract_week_monday', "CAST(strftime(x, '%W') AS BIGINT)"),
  zoned('extract_millisecond', "CAST(date_part('millisecond', x) % 1000 AS BIGINT)"),
  zoned('extract_microsecond', "CAST(date_part('microsecond', x) % 1000000 AS BIGINT)"),
  zoned('extract_date', 'CAST(x AS DATE)'),
  zoned('extract_time', 'CAST(CAST(x AS TIMESTAMP) AS TIME)'),
  zoned('extract_datetime', 'CAST(x AS TIMESTAMP)'),
];

const intervals = [
  ...['microsecond', 'millisecond', 'second', 'minute', 'hour'].map(
    (unit) => `interval_${unit}(n) AS to_${unit}s(CAST(n AS BIGINT))`,
  ),
  ...['day', 'week', 'month', 'year'].map(
    (unit) => `interval_${unit}(n) AS to_${unit}s(CAST(n AS INTEGER))`,
  ),
  'interval_quarter(n) AS to_months(CAST(n * 3 AS INTEGER))',
];

const lastDays = [
  ['week', 'googlesql.main.trunc_week(CAST(x AS TIMESTAMP)) + to_days(6)'],
  ['isoweek', 'googlesql.main.trunc_isoweek(CAST(x AS TIMESTAMP)) + to_days(6)'],
  ['week_monday', 'googlesql.main.trunc_isoweek(CAST(x AS TIMESTAMP)) + to_days(6)'],
  ['month', 'last_day(x)'],
  ['quarter', "date_trunc('quarter', x) + to_months(3) - to_days(1)"],
  ['year', "date_trunc('year', x) + to_months(12) - to_days(1)"],
].map(([unit, on]) => `last_day_${unit}(x) AS CAST(${on} AS DATE)`);

/** Dates and times; the result of a shift or truncation has the type of its argument. */
export const dateMacros: readonly string[] = [
  ...truncations.map(truncation),
  ...extractions,
  ...intervals,
  ...lastDays,
  ...[...plainUnits, 'isoyear'].map((unit) => `diff_${unit}(a, b) AS date_diff('${unit}', b, a)`),
  ...plainUnits.map((unit) => `whole_${unit}(a, b) AS date_sub('${unit}', b, a)`),
  ...Object.entries(dayOfWeek).map(([unit, day]) => weeksBetween(unit, day)),
  'plus(x, i) AS cast_to_type(x + i, x)',
  'minus(x, i) AS cast_to_type(x - i, x)',
  'in_zone(x, tz) AS timezone(tz, CAST(x AS TIMESTAMP))',
  'to_date(x) AS CAST(x AS DATE), (x, tz) AS CAST(timezone(tz, CAST(x AS TIMESTAMPTZ)) AS DATE), (y, m, d) AS make_date(y, m, d)',
  "date_and_time(x, y) AS CASE WHEN typeof(y) = 'TIME' THEN CAST(CAST(x AS DATE) || ' ' || y AS TIMESTAMP) ELSE timezone(CAST(y AS VARCHAR), CAST(x AS TIMESTAMPTZ)) END",
  'to_datetime(x) AS CAST(x AS TIMESTAMP), (x, y) AS googlesql.main.date_and_time(x, y), (y, m, d, h, mi, s) AS make_timestamp(y, m, d, h, mi, s)',
  'to_time(x) AS CAST(CAST(x AS TIMESTAMP) AS TIME), (h, m, s) AS make_time(h, m, s)',
  'to_timestamp(x) AS CAST(x AS TIMESTAMPTZ), (x, tz) AS timezone(tz, CAST(x AS TIMESTAMP))',
  'current_date() AS CAST(googlesql.main.this_instant() AS DATE), (tz) AS CAST(timezone(tz, googlesql.main.this_instant()) AS DATE)',
  'current_datetime() AS CAST(googlesql.main.this_instant() AS TIMESTAMP), (tz) AS timezone(tz, googlesql.main.this_instant())',
  'current_time() AS CAST(CAST(googlesql.main.this_instant() AS TIMESTAMP) AS TIME), (tz) AS CAST(timezone(tz, googlesql.main.this_instant()) AS TIME)',
  'current_timestamp() AS googlesql.main.this_instant()',
  "unix_date(x) AS CAST(date_diff('day', DATE '1970-01-01', x) AS BIGINT)",
  'unix_seconds(x) AS CAST(floor(epoch_us(x) / 1e6) AS BIGINT)',
  'unix_millis(x) AS epoch_ms(x)',
  'unix_micros(x) AS epoch_us(x)',
  "date_from_unix_date(n) AS DATE '1970-01-01' + CAST(n AS INTEGER)",
  "timestamp_seconds(n) AS timezone('UTC', make_timestamp(CAST(n AS BIGINT) * 1000000))",
  "timestamp_millis(n) AS timezone('UTC', make_timestamp(CAST(n AS BIGINT) * 1000))",
  "timestamp_micros(n) AS timezone('UTC', make_timestamp(CAST(n AS BIGINT)))",
];
