import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judgeTable } from '../../../workers/tables/judge-table.ts';

const seen = { modified: '1000', streaming: false, changedAt: 5_000, seenAt: 6_000 };
const table = { kind: 'table', modified: '1000', streaming: false } as const;
const AT = 9_000;

describe('a look at a table', () => {
  test('that nobody has looked at before finds a change', () => {
    assert.deepEqual(judgeTable(undefined, table, AT), {
      hasChanged: true,
      obstacle: undefined,
      seen: { modified: '1000', streaming: false, changedAt: AT, seenAt: AT },
    });
  });

  test('that is as it was keeps the date of its last change', () => {
    assert.deepEqual(judgeTable(seen, table, AT), {
      hasChanged: false,
      obstacle: undefined,
      seen: { ...seen, seenAt: AT },
    });
  });

  test('that was modified finds a change, also to an earlier time: another may stand in its place', () => {
    for (const modified of ['1001', '999'])
      assert.deepEqual(judgeTable(seen, { ...table, modified }, AT), {
        hasChanged: true,
        obstacle: undefined,
        seen: { modified, streaming: false, changedAt: AT, seenAt: AT },
      });
  });

  test('that takes in a stream finds an obstacle, and a change when the stream has drained', () => {
    const during = judgeTable(seen, { ...table, streaming: true }, AT);
    assert.deepEqual([during.hasChanged, during.obstacle], [false, 'streaming']);
    const still = judgeTable(during.seen, { ...table, streaming: true }, AT);
    assert.deepEqual([still.hasChanged, still.obstacle], [false, 'streaming']);
    const after = judgeTable(still.seen, table, AT + 1);
    assert.deepEqual([after.hasChanged, after.obstacle], [true, undefined]);
    assert.equal(after.seen?.changedAt, AT + 1);
  });

  test('that cannot be read, or tells nothing, leaves what was seen', () => {
    assert.deepEqual(judgeTable(seen, { kind: 'unreadable', problem: 'away' }, AT), {
      hasChanged: false,
      obstacle: 'unreadable',
      seen: undefined,
    });
    assert.deepEqual(judgeTable(seen, { kind: 'unwatchable', type: 'VIEW' }, AT), {
      hasChanged: false,
      obstacle: 'unwatchable',
      seen: undefined,
    });
  });
});
