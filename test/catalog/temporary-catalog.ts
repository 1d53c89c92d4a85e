import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A catalog folder of a test's own, removed when disposed of. */
export interface TemporaryCatalog extends AsyncDisposable {
  readonly folder: string;
}

/** Writes files by their path in the folder, for example `queries/prices.sql`. */
export async function temporaryCatalog(
  files: Readonly<Record<string, string>>,
): Promise<TemporaryCatalog> {
  const folder = await mkdtemp(join(tmpdir(), 'punctual-catalog-'));
  for (const [path, text] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return {
    folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The text of a query file that is right, but for what is given. */
export function queryFile(name: string, properties = ''): string {
  return `
    import { z, defineQuery, constant, from, limit } from 'punctual';
    export default defineQuery({
      name: '${name}',
      summary: 'Says ${name}.',
      parameters: z.object({ id: z.int() }),
      row: z.object({ id: z.int() }),
      ${properties}
    });
  `;
}

/** The SQL that goes with {@link queryFile}. */
export const QUERY_SQL = 'SELECT @id AS id';
