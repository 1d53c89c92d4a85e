const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The decoded text of a GoogleSQL string or bytes literal; a bytes literal has one char (0–255) per byte. */
export function decodeLiteral(literal: string): { bytes: boolean; value: string } {
  const prefix = (/^[rb]*/i.exec(literal)?.[0] ?? '').toLowerCase();
  const quoted = literal.slice(prefix.length);
  const quoteLength = /^("""|''')/.test(quoted) ? 3 : 1;
  const body = quoted.slice(quoteLength, -quoteLength);
  const bytes = prefix.includes('b');
  const text = prefix.includes('r') ? body : unescape(body);
  return { bytes, value: bytes ? Buffer.from(text, latinOrUtf8(text)).toString('latin1') : text };
}

/** A DuckDB string literal with this text. */
export function duckString(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A DuckDB blob literal; `latin` has one char per byte. */
export function duckBytes(latin: string): string {
  const hex = Buffer.from(latin, 'latin1').toString('hex');
  return `'${hex.replace(/../g, String.raw`\x$&`)}'::BLOB`;
}

/** A DuckDB identifier that keeps its case and may be any word. */
export function duckName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function latinOrUtf8(text: string): 'latin1' | 'utf8' {
  return Buffer.from(text, 'latin1').toString('latin1') === text ? 'latin1' : 'utf8';
}

function unescape(body: string): string {
  return body.replace(
    /\\(?:[xX]([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|([\s\S]))/g,
    (_, hex2?: string, hex4?: string, hex8?: string, octal?: string, plain?: string) => {
      const hex = hex2 ?? hex4 ?? hex8;
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal, 8));
      return simpleEscapes[plain ?? ''] ?? plain ?? '';
    },
  );
}
