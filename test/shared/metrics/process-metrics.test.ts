import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { showProcess } from '../../../shared/metrics/process-metrics.ts';

test('a loop that was blocked is shown to have been late, once', async () => {
  const register = new Registry();
  const hide = showProcess(register);
  const mostSeconds = async () => {
    const line = /delay_seconds\{quantile="1"\} (\S+)/.exec(await register.metrics());
    return Number(line?.[1]);
  };
  // Where the loop has not turned between two looks, nothing is known of it.
  const turned = () => setTimeout(100);
  await mostSeconds();
  await turned();
  const blockedUntilMs = performance.now() + 300;
  while (performance.now() < blockedUntilMs);
  await turned();
  assert.ok((await mostSeconds()) >= 0.2);
  let again = Number.NaN;
  for (let look = 0; look < 20 && !(again < 0.2); look++) {
    await turned();
    again = await mostSeconds();
  }
  assert.ok(again < 0.2, `${again} s told again`);
  assert.match(await register.metrics(), /punctual_process_bytes\{kind="resident"\} [1-9]\d+/);
  hide();
});
