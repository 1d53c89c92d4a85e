import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createHeartbeat } from '../../../gateway/serving/heartbeat.ts';

describe('a heartbeat', () => {
  const watched = () => {
    const told = { asked: 0, stuck: 0 };
    const heartbeat = createHeartbeat(
      { ask: () => told.asked++, onStuck: () => told.stuck++ },
      { everyMs: 60_000, unanswered: 3 },
    );
    return { told, heartbeat };
  };

  test('says that a process is stuck once so many questions in a row had no answer', () => {
    const { told, heartbeat } = watched();
    for (let tick = 1; tick <= 3; tick++) heartbeat.tick();
    assert.deepEqual(told, { asked: 3, stuck: 0 });
    heartbeat.tick();
    assert.deepEqual(told, { asked: 3, stuck: 1 });
  });

  test('forgets what had no answer at every sign of life', () => {
    const { told, heartbeat } = watched();
    for (let tick = 1; tick <= 30; tick++) {
      heartbeat.tick();
      if (tick % 3 === 0) heartbeat.beat();
    }
    assert.deepEqual(told, { asked: 30, stuck: 0 });
  });
});
