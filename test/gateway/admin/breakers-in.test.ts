import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Registry } from 'prom-client';
import { breakersIn } from '../../../gateway/admin/breakers-in.ts';
import { createFaultEvents } from '../../../shared/fault-events.ts';
import { createLogger } from '../../../shared/log.ts';

test('the state of every breaker is read out of the metrics', async () => {
  const register = new Registry();
  const events = createFaultEvents(createLogger('test', 'silent'), register);
  events.breakerChanged('one', 'open');
  events.breakerChanged('two', 'half-open');
  events.breakerChanged('redis:queue', 'closed');
  events.fault('other', 'something else', {});
  assert.deepEqual(
    breakersIn(await register.metrics()),
    new Map([
      ['one', 'open'],
      ['two', 'half-open'],
      ['redis:queue', 'closed'],
    ]),
  );
});
