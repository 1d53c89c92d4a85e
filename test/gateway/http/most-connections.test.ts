import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { mostConnections } from '../../../gateway/http/most-connections.ts';

const module = new URL('../../../gateway/http/most-connections.ts', import.meta.url).href;

describe('how many connections a process takes', () => {
  test('stays below what it may open, and within bounds of its own', () => {
    assert.equal(mostConnections(256), 192);
    assert.equal(mostConnections(1_000_000), 10_000);
    assert.equal(mostConnections(20), 16);
  });

  test('follows the limit of the process', { skip: process.platform !== 'linux' }, () => {
    const script = `console.log((await import('${module}')).mostConnections())`;
    const command = `ulimit -n 300; exec "${process.execPath}" --input-type=module -e "${script}"`;
    assert.equal(execFileSync('sh', ['-c', command], { encoding: 'utf8' }).trim(), '236');
  });
});
