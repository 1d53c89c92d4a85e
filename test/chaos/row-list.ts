import { readdir } from 'node:fs/promises';
import type { Row } from './row.ts';

const folder = new URL('./rows/', import.meta.url);

/** Every row of the folder `rows/`, in the order of the matrix; whoever adds a file there adds a row. */
export async function allRows(): Promise<readonly Row[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts'));
  const rows = await Promise.all(
    names.map(async (name) => {
      const module = (await import(new URL(name, folder).href)) as { default: Row };
      return module.default;
    }),
  );
  return rows.toSorted(inMatrixOrder);
}

const groups = 'WDKGTCF';

function inMatrixOrder(a: Row, b: Row): number {
  const group = (row: Row) => groups.indexOf(row.id.charAt(0));
  return group(a) - group(b) || a.id.localeCompare(b.id, 'en', { numeric: true });
}
