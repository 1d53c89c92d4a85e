import { matrix, notHere } from './matrix.ts';
import type { Report, ReportedRow, ReportedSoak } from './report.ts';
import type { Figures } from './row.ts';
import { summaryText } from './soak/summary.ts';

const introduction = `# Reliability

What was broken on purpose, and what callers noticed of it. Each row breaks one thing under load in a whole Punctual (two
gateway processes, two workers, two Redis servers, the emulator), with a TCP proxy on every connection between them, and
heals it again. Judges in processes of their own look on: a raw-socket client with its own clock, the warehouse's job list,
both Redis servers directly, and \`/proc\` with the logs. Each judge is tested against planted faults.

In every row, besides its own criterion:

| id  | must hold                                                                                                  |
| --- | ---------------------------------------------------------------------------------------------------------- |
| I1  | one answer to each request, its last byte within 19 s (or \`Request-Timeout\` and a second); no hang, no reset |
| I2  | 2xx is \`{data, meta}\`, anything else problem details                                                       |
| I3  | every row of data carries the key that it was asked for                                                    |
| I5  | one warehouse job for a question (more where the row says so), none longer than 17 s, none left running    |
| I6  | memory back within 10 % of what it was 60 s after the row; no key without an end; nothing left in queues   |
| I7  | good answers again within 5 s of the end of the fault, without a restart                                   |
| I8  | no unhandled rejection, no process ends by itself                                                          |
| I9  | every label is true: source, reason, age, \`Cache-Status\`, the declared bounds                              |
| I10 | a control group beside the fault gets fresh answers, 99 % of them within 50 ms                             |

\`npm run chaos\` runs all rows and writes this page, \`npm run chaos -- W1 D3\` runs some and brings their lines up to date;
\`--list\` tells them. A quick set runs with \`npm test\`, with patience for a busy machine.
`;

/** The report as a page of Markdown. */
export function reportPage({ machine, rows, soak }: Report): string {
  const passed = rows.filter((row) => row.passed).length;
  return [
    introduction,
    '## Results',
    '',
    `${passed} of ${rows.length} rows passed, on ${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.platform}, Node ${machine.node}.`,
    '',
    ...table([
      ['row', 'fault', 'requests', 'slowest', 'recovered', 'passed', 'run on', 'commit'],
      ...rows.map(cells),
    ]),
    '',
    ...rows.flatMap(section),
    ...soakSection(soak),
    '## Not made here',
    '',
    ...table([['row', 'why'], ...Object.entries(notHere)]),
    '',
    ...notYet(rows),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n');
}

function cells({ id, title, figures, passed, at, commit }: ReportedRow): string[] {
  const shown = (name: string) => (figures[name] === undefined ? '' : `${figures[name]} ms`);
  return [
    id,
    title,
    String(figures['requests'] ?? ''),
    shown('slowestMs'),
    shown('recoveredMs'),
    passed ? 'yes' : '**no**',
    at.slice(0, 10),
    commit,
  ];
}

function section({ id, title, injected, seconds, figures, claims, findings }: ReportedRow) {
  return [
    `### ${id}: ${title}`,
    '',
    `Injected: ${injected}. ${seconds} s.`,
    '',
    ...claims.map(({ what, isMet, got }) => {
      const value = got === undefined ? '' : ` (${got})`;
      return `- ${isMet ? 'kept' : '**not kept**'}: ${what}${value}`;
    }),
    ...findings.slice(0, 5).map(({ invariant, what }) => `- **${invariant}**: ${oneLine(what)}`),
    ...(findings.length > 5 ? [`- and ${findings.length - 5} findings more`] : []),
    '',
    `Figures: ${figureText(figures)}.`,
    '',
  ];
}

function soakSection(soak: ReportedSoak | undefined): string[] {
  if (soak === undefined) return [];
  return [
    '## Soak',
    '',
    `A mixed load with random faults, at most two at a time, over the whole of it; then every request, job, fault and process`,
    `end of the recorded history is checked by the same invariants, and I4: each request has exactly one end. Last run on`,
    `${soak.at.slice(0, 10)}, commit ${soak.commit}; \`npm run chaos -- soak --seed=${soak.seed} --minutes=${soak.minutes}\` replays its faults.`,
    '',
    ...summaryText(soak),
    '',
  ];
}

function figureText(figures: Figures): string {
  return Object.entries(figures)
    .map(([name, value]) => `${name} ${value}`)
    .join(' · ');
}

function notYet(rows: readonly ReportedRow[]): string[] {
  const known = new Set(rows.map(({ id }) => id.replace(/[a-z]$/, '')));
  const missing = Object.entries(matrix).filter(([id]) => !known.has(id) && !(id in notHere));
  if (missing.length === 0) return [];
  return ['## Not run yet', '', ...table([['row', 'fault'], ...missing])];
}

/** A Markdown table with its columns aligned. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const [header = []] = rows;
  const widths = header.map((_, at) => Math.max(3, ...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, at) => oneLine(cell).padEnd(widths[at] ?? 0)).join(' | ')} |`;
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(header), rule, ...rows.slice(1).map(line)];
}

function oneLine(text: string): string {
  return text.split('\n')[0]?.replaceAll('|', '/') ?? '';
}
