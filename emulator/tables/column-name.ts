/** BigQuery's limit on a column name, in characters. */
const MAX_CHARACTERS = 300;

/**
 * Makes column names that BigQuery takes everywhere, in the same order: ASCII letters, digits and underscores, not
 * starting with a digit, unique whatever their case.
 */
export function legalColumnNames(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const legal = unique(legalName(name), taken);
    taken.add(legal.toLowerCase());
    return legal;
  });
}

function legalName(name: string): string {
  const replaced = name.replaceAll(/[^A-Za-z0-9_]/gu, '_').slice(0, MAX_CHARACTERS);
  return /^[A-Za-z_]/.test(replaced) ? replaced : `_${replaced}`.slice(0, MAX_CHARACTERS);
}

function unique(name: string, taken: ReadonlySet<string>): string {
  let candidate = name;
  for (let next = 1; taken.has(candidate.toLowerCase()); next += 1) {
    const suffix = `_${next}`;
    candidate = name.slice(0, MAX_CHARACTERS - suffix.length) + suffix;
  }
  return candidate;
}
