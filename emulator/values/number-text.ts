/** FLOAT64 as BigQuery writes it: `1.0`, `0.1`, `NaN`, `Infinity`, `-Infinity`. */
export function floatText(value: number): string {
  if (Object.is(value, -0)) return '-0.0';
  return Number.isInteger(value) && Math.abs(value) < 1e15 ? value.toFixed(1) : String(value);
}

/** A scaled integer as an exact decimal without trailing zeros: (1250n, 3) is `1.25`. */
export function decimalText(scaled: bigint, scale: number): string {
  const sign = scaled < 0n ? '-' : '';
  const digits = String(scaled < 0n ? -scaled : scaled).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '');
  return sign + (fraction === '' ? whole : `${whole}.${fraction}`);
}

/** INTERVAL in BigQuery's canonical form `[sign]Y-M [sign]D [sign]H:M:S[.F]`. */
export function intervalText(months: number, days: number, micros: bigint): string {
  const size = Math.abs(months);
  const yearMonth = `${months < 0 ? '-' : ''}${Math.trunc(size / 12)}-${size % 12}`;
  return `${yearMonth} ${days} ${clockText(micros)}`;
}

function clockText(micros: bigint): string {
  const size = micros < 0n ? -micros : micros;
  const seconds = size / 1_000_000n;
  const fraction = size % 1_000_000n;
  const clock = `${seconds / 3600n}:${(seconds / 60n) % 60n}:${seconds % 60n}`;
  const tail = fraction === 0n ? '' : `.${fractionDigits(fraction)}`;
  return `${micros < 0n ? '-' : ''}${clock}${tail}`;
}

function fractionDigits(micros: bigint): string {
  const digits = String(micros).padStart(6, '0');
  return digits.endsWith('000') ? digits.slice(0, 3) : digits;
}

/** Microseconds since 1970 as float seconds, exact, in the form of BigQuery's older JSON: `1.7040672E9`, `0.0`. */
export function floatSeconds(micros: bigint): string {
  const plain = decimalText(micros, 6);
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(plain) ?? [];
  if (whole.length <= 7) return `${sign}${whole}.${fraction || '0'}`;
  const mantissa = (whole + fraction).replace(/0+$/, '');
  return `${sign}${mantissa.slice(0, 1)}.${mantissa.slice(1) || '0'}E${whole.length - 1}`;
}
