import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { freshnessHeaders } from '../../../gateway/http/freshness-headers.ts';
import { asFound, composeAnswer } from '../../../gateway/ready/ready-answer.ts';
import { answered, constantRows, noon, policy } from '../answers.ts';
import { freshPart, readyOf } from './ready-answers.ts';

const own = { staysOpen: false, requestId: 'id', serverTiming: 'total;dur=1' };

describe('a ready answer', () => {
  test('tells at every instant what one that is composed at that instant would tell', () => {
    const ages = fc.array(fc.integer({ min: -2_000, max: 700_000 }), {
      minLength: 1,
      maxLength: 3,
    });
    const steps = fc.array(fc.integer({ min: -1_500, max: 5_000 }), { maxLength: 30 });
    fc.assert(
      fc.property(ages, steps, (agesMs, all) => {
        const parts = agesMs.map((ageMs, index) => freshPart(`f${index}`, ageMs / 1_000));
        const ready = readyOf(...parts);
        let now = noon;
        for (const step of all) {
          now += step;
          const told = ready.tell(now);
          const anew = readyOf(...parts).tell(now);
          assert.deepEqual(told.head.unchanged(own), anew.head.unchanged(own));
          assert.deepEqual(told.meta, anew.meta);
        }
      }),
    );
  });

  test('has the headers of the envelope’s facts', () => {
    const part = freshPart('f', 12);
    const { head } = readyOf(part).tell(noon);
    const judged = [{ answer: part.answer, policy }];
    const expected = freshnessHeaders(judged, readyOf(part).tag, noon);
    const beside = ['X-Request-Id', 'id', 'Server-Timing', 'total;dur=1'];
    assert.deepEqual(head.unchanged(own), [...Object.entries(expected).flat(), ...beside]);
  });

  test('is fresh until the first of its parts is not, and never with constant rows', () => {
    assert.equal(readyOf(freshPart('a', 0), freshPart('b', 60)).freshUntil, noon + 540_000);
    const { part } = freshPart('c');
    assert.equal(readyOf({ part, answer: constantRows }).freshUntil, Number.NEGATIVE_INFINITY);
  });

  test('that one request’s flight has brought is fresh for those who find it, under the same tag', () => {
    const { part, answer } = freshPart('f', 3);
    const more = { fingerprint: 'f', rows: Buffer.from('[{"n":1}]'), collapsed: true };
    const live = [{ part, answer: answered('live', 3, more) }];
    const found = asFound(live);
    assert.deepEqual(found, [{ part, answer }]);
    const of = (answers: typeof found) => composeAnswer({ answers, variant: '/a', rowsOnly: true });
    assert.equal(of(found).tag, of(live).tag);
    assert.match(of(found).tell(noon).head.unchanged(own).join(), /punctual; hit; ttl=597/);
  });
});
