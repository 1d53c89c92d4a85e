// Preloaded into the roles: their wall clock is ahead by what the lever says, from the start or from the moment it is pulled.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const lever = join(process.env['CHAOS_LEVERS'] ?? '', 'clock');
const lookEveryMs = 50;
const trueNow = Date.now;
const TrueDate = Date;
let aheadMs = read();
let lookedAtMs = performance.now();

// Node.js reads the wall clock once when a process starts; a later step does not change its time origin.
Object.defineProperty(performance, 'timeOrigin', { value: performance.timeOrigin + aheadMs });
Date.now = wrongNow;
globalThis.Date = new Proxy(TrueDate, {
  construct: (target, given: [], newTarget) =>
    given.length === 0
      ? Reflect.construct(target, [wrongNow()], newTarget)
      : Reflect.construct(target, given, newTarget),
  apply: () => new TrueDate(wrongNow()).toString(),
});

function wrongNow(): number {
  const nowMs = performance.now();
  if (nowMs - lookedAtMs > lookEveryMs) {
    lookedAtMs = nowMs;
    aheadMs = read();
  }
  return trueNow.call(TrueDate) + aheadMs;
}

function read(): number {
  try {
    return Number(readFileSync(lever, 'utf8')) || 0;
  } catch {
    return 0;
  }
}
