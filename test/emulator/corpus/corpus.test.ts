import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { readEmulatorConfig } from '../../../emulator/config.ts';
import { createEmulator, type Emulator } from '../../../emulator/server.ts';
import { corpus } from './corpus.ts';
import type { CorpusCase } from './corpus-case.ts';
import { plainValue } from './plain-value.ts';
import { writeTables } from './write-tables.ts';

describe('the GoogleSQL corpus, through the official client', () => {
  let folder: string;
  let emulator: Emulator;
  let client: BigQuery;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'punctual-corpus-'));
    await writeTables(join(folder, 'mounts'));
    emulator = await startEmulator(folder);
    client = new BigQuery({
      projectId: 'my-project',
      apiEndpoint: emulator.url,
      authClient: new PassThroughClient() as never,
      retryOptions: { autoRetry: false },
    });
  });

  after(async () => {
    await emulator[Symbol.asyncDispose]();
    await rm(folder, { recursive: true });
  });

  for (const topic of corpus) {
    describe(topic.title, () => {
      for (const one of topic.cases) {
        const claim = one.knownIssue === undefined ? one.name : `${one.name} (known issue)`;
        test(claim, () => expectCase(one, (query) => client.query(query)));
      }
    });
  }
});

type Run = (query: Parameters<BigQuery['query']>[0] & object) => Promise<readonly unknown[]>;

async function startEmulator(folder: string): Promise<Emulator> {
  const reading = readEmulatorConfig({
    EMULATOR_PORT: '0',
    EMULATOR_SCALE: '0',
    EMULATOR_DATA_DIR: join(folder, 'mounts'),
    DATA_DIR: join(folder, 'data'),
    LOG_LEVEL: 'silent',
  });
  assert.ok(reading.ok);
  return await createEmulator(reading.config);
}

async function expectCase(one: CorpusCase, run: Run): Promise<void> {
  if (one.knownIssue === undefined) {
    await expectOutcome(one, run);
    return;
  }
  await assert.rejects(
    () => expectOutcome(one, run),
    () => true,
    `passes now: remove the known issue "${one.knownIssue}"`,
  );
}

async function expectOutcome(one: CorpusCase, run: Run): Promise<void> {
  for (const query of one.before ?? []) await run({ query });
  const query = {
    query: one.sql,
    ...(one.parameters && { params: one.parameters as Record<string, unknown> }),
    ...(one.types && { types: one.types as Record<string, string> }),
  };
  if (one.error) {
    const { reason, message } = one.error;
    await assert.rejects(
      run(query),
      (error: { errors?: { reason?: string }[]; message: string }) => {
        assert.match(error.message, message);
        assert.equal(error.errors?.[0]?.reason, reason);
        return true;
      },
    );
    return;
  }
  const [rows] = await run(query);
  assert.ok(Array.isArray(rows));
  const found = rows.map((row: Record<string, unknown>) => row);
  assert.deepEqual(
    found.map((row) => Object.values(row).map(plainValue)),
    one.rows,
  );
  for (const row of found) assert.deepEqual(Object.keys(row), one.columns);
}
