import { duckString } from '../literal.ts';
import { UnsupportedSql } from '../sql-error.ts';

/** Format elements with an equal in DuckDB's strftime and strptime. */
const equal: Readonly<Record<string, string>> = {
  '%F': '%Y-%m-%d',
  '%T': '%H:%M:%S',
  '%R': '%H:%M',
  '%D': '%m/%d/%y',
  '%x': '%m/%d/%y',
  '%X': '%H:%M:%S',
  '%h': '%b',
  '%n': '\n',
  '%t': '\t',
  '%E3S': '%S.%g',
  '%E6S': '%S.%f',
  '%E4Y': '%Y',
};

const same = new Set('%a %A %b %B %d %H %I %j %m %M %p %S %U %u %V %w %W %y %Y %G %%'.split(' '));

/** Elements that strftime lacks, as an expression over the time `$t` and its zone `$z`. */
const computed: Readonly<Record<string, string>> = {
  '%e': "lpad(CAST(day($t) AS VARCHAR), 2, ' ')",
  '%k': "lpad(CAST(hour($t) AS VARCHAR), 2, ' ')",
  '%l': "lpad(CAST((hour($t) + 11) % 12 + 1 AS VARCHAR), 2, ' ')",
  '%Q': 'CAST(quarter($t) AS VARCHAR)',
  '%s': 'CAST(CAST(epoch($t) AS BIGINT) AS VARCHAR)',
  '%C': "lpad(CAST(year($t) // 100 AS VARCHAR), 2, '0')",
  '%P': "lower(strftime($t, '%p'))",
  '%E*S': "regexp_replace(strftime($t, '%S.%f'), '\\.?0+$', '')",
};

/** An expression that formats a local time; `zone` only for a TIMESTAMP. Throws UnsupportedSql for unknown elements. */
export function formatPieces(format: string, moment: string, zone: string | undefined): string {
  const pieces: string[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain) pieces.push(`strftime(${moment}, ${duckString(plain)})`);
    plain = '';
  };
  for (const element of elements(format)) {
    const expression = zoneName(element, zone) ?? computed[element];
    if (expression === undefined) plain += translated(element);
    else {
      flush();
      pieces.push(expression.replaceAll('$t', () => moment));
    }
  }
  flush();
  return pieces.length > 1 ? `(${pieces.join(' || ')})` : (pieces[0] ?? "''");
}

/** The strptime formats, tried in order, for a GoogleSQL parse format. */
export function parseFormats(format: string): readonly string[] {
  const all = elements(format);
  const withFraction = all.map((element) => (element === '%E*S' ? '%S.%f' : parsed(element)));
  const without = all.map((element) => (element === '%E*S' ? '%S' : parsed(element)));
  return [...new Set([withFraction.join(''), without.join('')])];
}

function parsed(element: string): string {
  if (element === '%z' || element === '%Z' || element === '%Ez') return '%z';
  return element === '%e' || element === '%k'
    ? { '%e': '%d', '%k': '%H' }[element]
    : translated(element);
}

function elements(format: string): readonly string[] {
  return format.match(/%(?:E(?:[*\d]S|4Y|z)|.)|[^%]+|%$/gs) ?? [];
}

function translated(element: string): string {
  if (!element.startsWith('%') || same.has(element)) return element;
  const known = equal[element];
  if (known === undefined) throw new UnsupportedSql(`The format element ${element}`);
  return known;
}

function zoneName(element: string, zone: string | undefined): string | undefined {
  if (zone !== "'UTC'") return undefined;
  if (element === '%Z') return "'UTC'";
  if (element === '%z') return "'+0000'";
  return element === '%Ez' ? "'+00:00'" : undefined;
}
