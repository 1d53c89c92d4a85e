import { corpus } from './corpus.ts';
import type { CorpusCase, Topic } from './corpus-case.ts';

/** The support matrix page, made from the corpus. */
export function supportMatrix(): string {
  const cases = corpus.flatMap((topic) => topic.cases);
  const issues = cases.filter((one) => one.knownIssue !== undefined);
  const refused = cases.filter(isRefusal);
  const works = cases.length - issues.length - refused.length;
  return `# GoogleSQL in the emulator

The emulator runs GoogleSQL by translating it to DuckDB. Every line below is a statement of the corpus in
\`test/emulator/corpus\`, which the tests run through the official BigQuery client: ${works} statements work as BigQuery
documents them, ${refused.length} are refused the way this page says, and ${issues.length} are known to differ. What is not on
this page and not translated is refused by name (\`… is not supported by the emulator\`), never guessed.

This page is written by \`node test/emulator/corpus/write-support-matrix.ts\`.

${corpus.map(section).join('\n')}`;
}

function section({ title, cases }: Topic): string {
  return `## ${title}

| what | statement | |
|---|---|---|
${cases.map(row).join('\n')}
`;
}

function row(one: CorpusCase): string {
  const statements = [...(one.before ?? []), one.sql].map(code).join('<br>');
  return `| ${escaped(one.name)} | ${statements} | ${verdict(one)} |`;
}

function verdict(one: CorpusCase): string {
  if (one.knownIssue !== undefined) return `differs: ${escaped(one.knownIssue)}`;
  return isRefusal(one) ? 'refused' : 'works';
}

function isRefusal(one: CorpusCase): boolean {
  return one.error !== undefined && one.knownIssue === undefined;
}

function code(sql: string): string {
  const fence = sql.includes('`') ? '``' : '`';
  const pad = fence === '``' ? ' ' : '';
  return `${fence}${pad}${escaped(sql.replaceAll('\n', ' '))}${pad}${fence}`;
}

function escaped(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
