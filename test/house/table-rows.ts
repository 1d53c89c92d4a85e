/** A row of a table by its column heads. */
export type Row = Readonly<Record<string, string>>;

/** The rows of all Markdown tables of a page, however they are padded. */
export function tableRows(page: string): Row[] {
  const rows: Row[] = [];
  let heads: readonly string[] = [];
  for (const line of page.split('\n')) {
    if (!line.startsWith('|')) heads = [];
    else if (heads.length === 0) heads = cellsOf(line);
    else if (!/^[|:\s-]+$/.test(line)) {
      const cells = cellsOf(line);
      rows.push(Object.fromEntries(heads.map((head, at) => [head, cells[at] ?? ''])));
    }
  }
  return rows;
}

function cellsOf(line: string): string[] {
  const cells = line.trim().slice(1, -1).split('|');
  return cells.map((cell) => cell.trim());
}
