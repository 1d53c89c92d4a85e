import { amount, dollars } from '../processed.ts';
import { table } from '../table.ts';
import type { ColumnsDifference } from './compare-columns.ts';
import type { RowsDifference } from './compare-rows.ts';
import { type Measured, type SetComparison, verdictOf } from './compare-set.ts';

/** So many rows of each kind are shown. */
const MOST_SHOWN = 3;
/** A row is shown up to here. */
const MOST_CHARACTERS = 200;

/** A comparison as people read it: what the two versions came to, then what differs. */
export function reportOf(comparison: SetComparison): string {
  const { parameters, old, new: next, differs } = comparison;
  const lines = differs ? [...columnLines(differs.columns), ...rowLines(differs.rows)] : [];
  const bytesOnly = old.rowCount === undefined && verdictOf(comparison) === 'differ';
  return [
    JSON.stringify(parameters),
    table([measuredRow('old', old), measuredRow('new', next)]),
    ...(bytesOnly ? ['they process different amounts'] : []),
    ...(verdictOf(comparison) === 'same' ? ['no differences'] : lines),
    ...[old, next].flatMap(({ version, problem }) =>
      problem === undefined ? [] : [`${version}: ${problem}`],
    ),
  ].join('\n');
}

function measuredRow(side: string, { version, bytes, rowCount, tookMs }: Measured) {
  return {
    side,
    version,
    processes: bytes === undefined ? '' : amount(bytes),
    'on demand': bytes === undefined ? '' : dollars(bytes),
    took: tookMs === undefined ? '' : `${Math.round(tookMs)} ms`,
    rows: rowCount ?? '',
  };
}

function columnLines({ added, removed, retyped }: ColumnsDifference): string[] {
  return [
    ...removed.map(({ name, type }) => `column - ${name} ${type}`),
    ...added.map(({ name, type }) => `column + ${name} ${type}`),
    ...retyped.map((one) => `column ~ ${one.name} ${one.old} → ${one.new}`),
  ];
}

function rowLines({ key, onlyOld, onlyNew, changed, reordered }: RowsDifference): string[] {
  const how = key
    ? `rows by ${key.join(', ')}`
    : 'rows as they are, because no key tells them apart';
  const counts = `${onlyOld.length} only in the old, ${onlyNew.length} only in the new, ${changed.length} changed`;
  return [
    `${how}: ${counts}${reordered ? ', in another order' : ''}`,
    ...shown(onlyOld, (row) => `  - ${JSON.stringify(row)}`),
    ...shown(onlyNew, (row) => `  + ${JSON.stringify(row)}`),
    ...shown(changed, (row) => `  ~ ${JSON.stringify(row.key)} ${cellsText(row.cells)}`),
  ];
}

function cellsText(cells: RowsDifference['changed'][number]['cells']): string {
  return Object.entries(cells)
    .map(([name, cell]) => `${name} ${JSON.stringify(cell.old)} → ${JSON.stringify(cell.new)}`)
    .join(', ');
}

function shown<T>(rows: readonly T[], textOf: (row: T) => string): string[] {
  const lines = rows.slice(0, MOST_SHOWN).map((row) => textOf(row).slice(0, MOST_CHARACTERS));
  const more = rows.length - lines.length;
  return more > 0 ? [...lines, `    and ${more} more`] : lines;
}
