import type { KeptResult } from '../kept-result.ts';
import { circumstancesOf, figureTable, sectionOf } from '../table.ts';

/** The page with the tables of this result between its marks; throws when a mark is missing. What people wrote stays as it is. */
export function pageWith(page: string, result: KeptResult): string {
  const short = [...figureTable(result), '', ...circumstancesOf(result)];
  const full = result.scenarios.flatMap((scenario) => sectionOf(scenario, '###'));
  return between(between(page, 'figures', short), 'tables', full);
}

/** Puts lines between `<!-- begin name … -->` and `<!-- end name -->`. */
function between(page: string, name: string, lines: readonly string[]): string {
  const marked = new RegExp(`(<!-- begin ${name}\\b[^>]*-->\\n)[^]*?(<!-- end ${name} -->)`);
  if (!marked.test(page)) throw new Error(`the page has no place for ${name}`);
  const text = lines.join('\n').trim();
  // As a function, because `$` in a replacement would mean something.
  return page.replace(marked, (_, begin: string, end: string) => `${begin}\n${text}\n\n${end}`);
}
