import assert from 'node:assert/strict';
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { chooseCores, coresIn, readTicks } from '../../bench/load/cores.ts';
import { groupOf, pinGroup } from '../../bench/load/pin.ts';

const cores = await chooseCores();

describe('cores', () => {
  test('a list of cores is read as the kernel writes it', () => {
    assert.deepEqual(coresIn('0-2,6'), [0, 1, 2, 6]);
    assert.deepEqual(coresIn('4'), [4]);
    assert.deepEqual(coresIn(''), []);
  });

  test('waiting for a disk is no work, serving interrupts is', () => {
    const stat = 'cpu  9 9 9 9 9 9 9 9 9 9\ncpu0 10 1 5 80 3 2 4 6 0 0\ncpu1 1 1 1 1 1 1 1 1 0 0\n';
    assert.deepEqual(readTicks(stat, '0'), { busy: 28, all: 111 });
  });

  test('the server has a core that nobody else uses', { skip: cores === undefined }, () => {
    assert.ok(cores);
    assert.notEqual(cores.server, cores.load);
    assert.ok(!coresIn(cores.rest).includes(Number(cores.server)));
  });

  test('a process is pinned with what it has started', { skip: cores === undefined }, async () => {
    assert.ok(cores);
    const shell = spawn('/bin/sh', ['-c', 'sleep 60 & echo started; wait'], {
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    await once(shell.stdout, 'data');
    const pid = shell.pid ?? 0;
    await pinGroup(pid, cores.load);
    const group = await groupOf(pid);
    assert.equal(group.length, 2);
    for (const one of group) assert.equal(await allowedTo(one), cores.load);
    process.kill(-pid, 'SIGKILL');
    await once(shell, 'exit');
  });
});

async function allowedTo(pid: number): Promise<string | undefined> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return /^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1];
}
