import { StackError } from '../../../stack/stack-error.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, outcomes } from '../tally.ts';

const policies = ['allkeys-lru', 'volatile-ttl'];

export default defineRow({
  id: 'D8',
  title: 'The queue store may evict',
  injected: 'CONFIG SET maxmemory-policy to one that evicts; one of two workers is started anew',
  quick: true,
  // A worker that starts takes a core for a second or two, and the control group feels it.
  allows: { ends: { worker: policies.length }, controlDegrades: true },
  async run(chaos) {
    const figures: Record<string, number> = {};
    for (const policy of policies) {
      const { tookMs, exitCode, said } = await startUnder(chaos, policy);
      const mostMs = chaos.isStrict ? 5_000 : 20_000;
      chaos.claim(`${policy}: exit code 2`, exitCode === 2, exitCode);
      chaos.claim(`within ${mostMs} ms`, tookMs <= mostMs, tookMs);
      const isClear = said.includes('REDIS_QUEUE_URL') && said.includes(policy);
      chaos.claim('and a message that names setting and policy', isClear, said.slice(0, 200));
      figures[`${policy} refusedAfterMs`] = tookMs;
    }
    const arrival = { kind: 'at-once', count: 10 } as const;
    const questions = ask('lasting', `${chaos.run}-{n}`);
    const exchanges = await chaos.fire({ questions, arrival });
    const live = countBy(exchanges, 'live');
    chaos.claim('the worker that runs goes on', live === exchanges.length, outcomes(exchanges));
    await chaos.stack.workers[0]?.restart();
    await chaos.watchProcesses();
    return figures;
  },
});

async function startUnder(chaos: Chaos, policy: string) {
  await chaos.store.ask('command', 'queue', 'CONFIG', 'SET', 'maxmemory-policy', policy);
  const startedMs = performance.now();
  const failure: unknown = await chaos.stack.workers[0]?.restart().catch((error: unknown) => error);
  const tookMs = Math.round(performance.now() - startedMs);
  await chaos.store.ask('command', 'queue', 'CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
  const isRefused = failure instanceof StackError;
  return {
    tookMs,
    exitCode: isRefused ? failure.exitCode : 0,
    said: isRefused ? failure.message : String(failure),
  };
}
