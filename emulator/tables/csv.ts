import { open } from 'node:fs/promises';
import { quoteFile, quoteText } from './quote.ts';

/** The longest header line that is looked at, in bytes. */
const MAX_HEADER_BYTES = 64 * 1024;

const DELIMITERS = [',', ';', '\t', '|'];

/**
 * The DuckDB expression that reads a CSV file (RFC 4180, a header line first). Only the types are sniffed: a sniffed
 * delimiter takes a file with a line too long for a file with one column. Throws for an empty file.
 */
export async function csvScan(path: string): Promise<string> {
  const delimiter = delimiterOf(await readHeader(path));
  const dialect = `delim = ${quoteText(delimiter)}, quote = '"', escape = '"', header = true, skip = 0, strict_mode = true`;
  return `read_csv(${quoteFile(path)}, ${dialect}, sample_size = -1, hive_partitioning = false)`;
}

async function readHeader(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_HEADER_BYTES), 0);
    const [header = ''] = buffer.toString('utf8', 0, bytesRead).split(/\r?\n/, 1);
    if (header.trim() === '') throw new Error('the file has no header line');
    return header;
  } finally {
    await file.close();
  }
}

/** The delimiter that is most often in the header outside of quotes; a comma where there is none. */
function delimiterOf(header: string): string {
  const bare = header.replaceAll(/"[^"]*"/g, '');
  const counted = DELIMITERS.map((delimiter) => ({
    delimiter,
    count: bare.split(delimiter).length - 1,
  }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}
