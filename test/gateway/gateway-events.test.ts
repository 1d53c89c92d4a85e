import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { describe, test } from 'node:test';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createGatewayEvents, type EndedRequest } from '../../gateway/gateway-events.ts';

describe('a request that ends with 5xx', () => {
  test('is counted every time, and told of once in a while for each status', async () => {
    const lines: string[] = [];
    const sink = new Writable({
      write(chunk: Buffer, _encoding, done) {
        lines.push(String(chunk));
        done();
      },
    });
    const register = new Registry();
    const events = createGatewayEvents(pino(sink), register);
    for (let number = 0; number < 100; number++) events.requestEnded(ended(503));
    for (let number = 0; number < 100; number++) events.requestEnded(ended(504));
    events.requestEnded(ended(200));
    assert.equal(lines.length, 2);
    assert.match(lines[0] ?? '', /"status":503.*"msg":"request failed"/);
    const counted = await register.getSingleMetricAsString('punctual_requests_total');
    assert.match(counted, /status="503"\} 100/);
    assert.match(counted, /status="504"\} 100/);
  });
});

test('answers that are given often are counted as all others are', async () => {
  const [one, other] = [new Registry(), new Registry()];
  const often = createGatewayEvents(pino({ level: 'silent' }), one);
  const seldom = createGatewayEvents(pino({ level: 'silent' }), other);
  const counter = often.hitCounter('/a', ['q', 'p']);
  const answer = { source: 'fresh', rows: Buffer.from('[]') } as const;
  const answers = ['q', 'p'].map((query) => ({ query, answer }));
  const given = [
    { status: 200, tookMs: 0.25 },
    { status: 304, tookMs: 0.25 },
    { status: 200, tookMs: 1 },
    { status: 304, tookMs: 5 },
    { status: 206, tookMs: 0.25 },
  ];
  for (const looked of [1, 2]) {
    for (const { status, tookMs } of given) {
      counter.count(status, tookMs);
      seldom.requestEnded({ ...ended(status), tookMs, answers });
    }
    assert.equal(await one.metrics(), await other.metrics());
    const lines = await one.getSingleMetricAsString('punctual_requests_total');
    assert.match(lines, new RegExp(`route="/a",status="200"\\} ${2 * looked}\\n`));
  }
  assert.equal(often.hitCounter('/a', ['q', 'p']), counter);
});

function ended(status: number): EndedRequest {
  return { requestId: crypto.randomUUID(), route: '/a', status, tookMs: 1, answers: [] };
}
