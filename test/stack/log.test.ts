import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { openLogFile } from '../../stack/log-file.ts';
import { noticeOf } from '../../stack/notice.ts';

describe('a log file', () => {
  test('begins empty at every start and keeps to its bound', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'punctual-log-'));
    openLogFile(folder, 'worker').close();
    const log = openLogFile(folder, 'worker', 100);
    for (let line = 0; line < 1000; line += 1) log.write('stdout', `line ${line}`);
    log.close();
    log.write('stdout', 'after the end');
    assert.deepEqual((await readdir(folder)).sort(), ['worker.1.log', 'worker.log']);
    const older = await readFile(join(folder, 'worker.1.log'), 'utf8');
    const newer = await readFile(join(folder, 'worker.log'), 'utf8');
    assert.ok(older.length < 120 && newer.length < 120);
    assert.match(older + newer, /line 998\nline 999\n$/);
    await rm(folder, { recursive: true });
  });
});

describe('the user is told', () => {
  test('warnings and errors of a role, with their reason', () => {
    assert.equal(noticeOf('stdout', '{"level":40,"msg":"slow"}'), 'slow');
    assert.equal(
      noticeOf('stdout', '{"level":50,"msg":"bad","err":{"message":"why"}}'),
      'bad: why',
    );
    assert.equal(noticeOf('stdout', '{"level":50,"msg":"bad","error":"why"}'), 'bad: why');
    assert.equal(
      noticeOf('stderr', 'TypeError: x is not a function'),
      'TypeError: x is not a function',
    );
  });

  test('nothing of a role that is well', () => {
    assert.equal(noticeOf('stdout', '{"level":30,"msg":"answered"}'), undefined);
    assert.equal(noticeOf('stdout', 'plain text'), undefined);
    assert.equal(noticeOf('stderr', ''), undefined);
    assert.equal(noticeOf('stdout', '{broken'), undefined);
  });
});
