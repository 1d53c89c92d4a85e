import pTimeout from 'p-timeout';
import { startLike } from '../loads/own-process.ts';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';
import { countBy, outcomes } from '../tally.ts';

export default defineRow({
  id: 'K7',
  title: 'A worker is deployed whose threads do not load',
  injected:
    'one of two workers is stopped, and in its place one starts whose catalog throws when a thread loads it; 10 new questions per second',
  quick: false,
  allows: { ends: { worker: 1 } },
  async run(chaos) {
    const questions = ask('lasting', `${chaos.run}-{n}`);
    const end = await chaos.begin({ questions, arrival: { kind: 'rate', perSecond: 10 } });
    const [old] = chaos.stack.workers;
    const startedMs = performance.now();
    const settings = { CHAOS_THREADS_BREAK: '1', WORKER_PORT: '0' };
    await using broken = await startLike(old?.pid ?? 0, 'workers/main.ts', settings);
    await old?.stop();
    const exit = await pTimeout(broken.exit, { milliseconds: 30_000, fallback: () => undefined });
    const tookMs = Math.round((exit?.atMs ?? performance.now()) - startedMs);
    await chaos.recovery();
    const exchanges = await end();
    await old?.restart();
    await chaos.watchProcesses();
    chaos.claim(
      'the new one ends with code 1',
      exit?.code === 1,
      `code ${exit?.code}, ${exit?.signal}`,
    );
    const withinMs = chaos.isStrict ? 10_000 : 20_000;
    chaos.claim(`within ${withinMs} ms`, tookMs <= withinMs, tookMs);
    const saysWhy = /does not load in a thread/.test(broken.complaints());
    chaos.claim('and says why', saysWhy, broken.complaints().split('\n')[0] ?? '');
    const live = countBy(exchanges, 'live');
    chaos.claim('the other worker answers all', live === exchanges.length, outcomes(exchanges));
    return { endedAfterMs: tookMs, answers: outcomes(exchanges) };
  },
});
