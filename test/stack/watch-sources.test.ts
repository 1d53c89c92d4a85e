import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { watchSources } from '../../stack/watch-sources.ts';
import { until } from '../until.ts';
import { withStack } from '../with-stack.ts';
import { standIns } from './fixtures/entries.ts';

test('a changed source restarts the roles that it concerns and no other', async () => {
  const root = await mkdtemp(join(tmpdir(), 'punctual-sources-'));
  for (const folder of ['gateway', 'workers', 'shared']) await mkdir(join(root, folder));
  await using stack = await withStack({ entries: standIns });
  const pids = () => [stack.gateway.pid, stack.workers[0]?.pid, stack.emulator?.pid];
  const [gateway, worker, emulator] = pids();
  const said: string[] = [];
  const terminal = { step: (text: string) => said.push(text), warn: assert.fail };
  using _watch = watchSources(stack, terminal, pathToFileURL(`${root}/`));

  await writeFile(join(root, 'gateway', 'notes.md'), 'not a source');
  await writeFile(join(root, 'gateway', 'answer.ts'), '// changed');
  await until(() => said.includes('gateway restarted'));
  assert.notEqual(stack.gateway.pid, gateway);
  assert.deepEqual(pids().slice(1), [worker, emulator]);

  await writeFile(join(root, 'shared', 'entry.ts'), '// changed');
  await until(() => said.includes('worker restarted'));
  await until(() => said.filter((text) => text === 'gateway restarted').length === 2);
  assert.equal(stack.emulator?.pid, emulator);
  await rm(root, { recursive: true });
});
