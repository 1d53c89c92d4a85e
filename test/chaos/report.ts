import { readFile, rename, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { type Machine, thisCode, thisMachine } from '../../bench/machine.ts';
import type { RowResult } from './row.ts';
import type { SoakSummary } from './soak/summary.ts';

/** A row's last result, and which code it is of. */
export interface ReportedRow extends RowResult {
  readonly at: string;
  readonly commit: string;
}

/** What is known of every row that has been run. */
export interface Report {
  readonly machine: Machine;
  readonly rows: readonly ReportedRow[];
  readonly soak?: ReportedSoak;
}

/** The last soak, and which code it is of. */
export interface ReportedSoak extends SoakSummary {
  readonly at: string;
  readonly commit: string;
}

const docs = new URL('../../docs/', import.meta.url);

/** Where the report is kept: as JSON, and as a page made of it. */
export const reportPaths = {
  json: fileURLToPath(new URL('reliability.json', docs)),
  page: fileURLToPath(new URL('reliability.md', docs)),
};

const kept = z.looseObject({
  rows: z.array(z.looseObject({ id: z.string() })),
  soak: z.looseObject({ seed: z.number() }).optional(),
});

/** The report that is kept; without rows when there is none. */
export async function readReport(): Promise<Report> {
  const text = await readFile(reportPaths.json, 'utf8').catch(() => undefined);
  const { rows, soak } = text === undefined ? { rows: [] } : kept.parse(JSON.parse(text));
  return {
    machine: thisMachine(),
    rows: rows as unknown as readonly ReportedRow[],
    ...(soak === undefined ? {} : { soak: soak as unknown as ReportedSoak }),
  };
}

/** Puts new results in the place of older ones of the same rows; rows that no longer exist are left out. */
export async function addResults(
  report: Report,
  results: readonly RowResult[],
  known: readonly string[],
): Promise<Report> {
  const now = await stamp();
  const fresh = results.map((result) => ({ ...result, ...now }));
  const all = new Map([...report.rows, ...fresh].map((row) => [row.id, row]));
  return { ...report, rows: known.flatMap((id) => all.get(id) ?? []) };
}

/** Puts a soak in the place of the last one. */
export async function addSoak(report: Report, summary: SoakSummary): Promise<Report> {
  return { ...report, soak: { ...summary, ...(await stamp()) } };
}

/** Keeps the report and its page, each whole or not at all. */
export async function saveReport(report: Report, page: string): Promise<void> {
  await write(reportPaths.json, `${JSON.stringify(report, null, 2)}\n`);
  await write(reportPaths.page, page);
}

/** When a result is of, and of which code. */
async function stamp(): Promise<{ at: string; commit: string }> {
  const { commit, changed } = await thisCode();
  return { at: new Date().toISOString(), commit: changed ? `${commit} with changes` : commit };
}

async function write(path: string, text: string): Promise<void> {
  await writeFile(`${path}.tmp`, text);
  await rename(`${path}.tmp`, path);
}
