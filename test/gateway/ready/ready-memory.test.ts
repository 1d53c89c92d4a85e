import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createReadyMemory } from '../../../gateway/ready/ready-memory.ts';
import { epochField, NO_EPOCH } from '../../../shared/epochs/epoch.ts';
import { createKnownEpochs } from '../../../shared/epochs/known-epochs.ts';
import { noon } from '../answers.ts';
import { freshPart, readyOf } from './ready-answers.ts';

const roomy = 10_000_000;

describe('the memory of ready answers', () => {
  test('gives what was kept, by what was asked', () => {
    const memory = createReadyMemory(roomy);
    const ready = readyOf(freshPart('a'));
    memory.keep('/a', ready, '/route');
    assert.equal(memory.get('/a')?.ready, ready);
    assert.equal(memory.get('/a')?.route, '/route');
    assert.equal(memory.get('/b'), undefined);
  });

  test('forgets every answer that has an older entry in it, and no other', () => {
    const memory = createReadyMemory(roomy);
    memory.keep('/a', readyOf(freshPart('a', 10)), '');
    memory.keep('/ab', readyOf(freshPart('a', 10), freshPart('b', 0)), '');
    memory.keep('/b', readyOf(freshPart('b', 0)), '');
    memory.forgetOlder('a', noon - 10_000);
    assert.ok(memory.get('/a') && memory.get('/ab'), 'the entry itself is not older than itself');
    memory.forgetOlder('a', noon - 9_999);
    assert.equal(memory.get('/a'), undefined);
    assert.equal(memory.get('/ab'), undefined);
    assert.ok(memory.get('/b'));
  });

  test('does not keep what was made of an older entry while a newer one was announced', () => {
    const memory = createReadyMemory(roomy);
    memory.forgetOlder('a', noon);
    memory.keep('/a', readyOf(freshPart('a', 1)), '');
    assert.equal(memory.get('/a'), undefined);
    memory.keep('/a', readyOf(freshPart('a', 0)), '');
    assert.ok(memory.get('/a'));
  });

  test('forgets an answer that was made of a newer entry once that is outdated', () => {
    const memory = createReadyMemory(roomy);
    memory.keep('/a', readyOf(freshPart('a', 10)), '');
    memory.keep('/a', readyOf(freshPart('b', 10)), '');
    memory.forgetOlder('a', noon);
    assert.ok(memory.get('/a'), 'it is made of another fingerprint now');
    memory.forgetOlder('b', noon);
    assert.equal(memory.get('/a'), undefined);
  });

  test('stays within its bytes, and lets go of what nobody has asked for longest', () => {
    const memory = createReadyMemory(1_000_000);
    const rows = JSON.stringify('x'.repeat(20_000));
    for (let n = 0; n < 100; n++) {
      memory.keep(`/${n}`, readyOf(freshPart(`f${n}`, 0, rows)), '');
      assert.ok(memory.get('/0'), 'it is asked for all the time');
      assert.ok(memory.bytes <= 1_000_000);
    }
    assert.equal(memory.get('/1'), undefined);
    assert.ok(memory.get('/99'));
  });

  test('weighs an answer again when it has been made in one more encoding', async () => {
    const memory = createReadyMemory(roomy);
    const ready = readyOf(freshPart('a', 0, JSON.stringify('x'.repeat(20_000))));
    memory.keep('/a', ready, '');
    const before = memory.bytes;
    const kept = memory.get('/a');
    await ready.body.make('gzip');
    assert.ok(kept);
    memory.weighAgain('/a', kept);
    assert.ok(memory.bytes > before);
    memory.forgetOlder('a', noon + 1);
    assert.equal(memory.bytes, 0);
  });

  test('takes nothing that would push out most of the rest', () => {
    const memory = createReadyMemory(1_000_000);
    memory.keep('/a', readyOf(freshPart('a', 0, JSON.stringify('x'.repeat(130_000)))), '');
    assert.equal(memory.get('/a'), undefined);
  });

  test('gives nothing that was invalidated since it was kept, by entry, query or all', () => {
    for (const [field, remains] of [
      [epochField.all, []],
      [epochField.query('q'), []],
      [epochField.entry('a'), ['/b']],
      [epochField.query('another'), ['/a', '/ab', '/b']],
    ] as const)
      for (const mode of ['soft', 'purge']) {
        const epochs = createKnownEpochs();
        const memory = createReadyMemory(roomy, epochs);
        memory.keep('/a', readyOf(freshPart('a')), '');
        memory.keep('/ab', readyOf(freshPart('a'), freshPart('b')), '');
        memory.keep('/b', readyOf(freshPart('b')), '');
        assert.ok(memory.get('/a'));
        epochs.merge(new Map([[field, { ...NO_EPOCH, [mode]: noon }]]));
        const standing = ['/a', '/ab', '/b'].filter((asked) => memory.get(asked));
        assert.deepEqual(standing, remains, `${field} ${mode}`);
        memory.keep('/a', readyOf(freshPart('a')), '');
        assert.equal(
          memory.get('/a') !== undefined,
          remains.some((one) => one === '/a'),
        );
        memory.keep('/a', readyOf(freshPart('a', -1)), '');
        assert.ok(memory.get('/a'), 'what was read later is kept');
      }
  });

  test('can be emptied', () => {
    const memory = createReadyMemory(roomy);
    memory.keep('/a', readyOf(freshPart('a')), '');
    memory.forgetAll();
    assert.equal(memory.get('/a'), undefined);
    assert.equal(memory.bytes, 0);
  });
});
