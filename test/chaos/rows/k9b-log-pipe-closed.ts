import pTimeout from 'p-timeout';
import { setTimeout as sleep } from 'node:timers/promises';
import { getFrom } from '../../get.ts';
import { startLike, type OwnProcess } from '../loads/own-process.ts';
import { ask } from '../question.ts';
import { defineRow } from '../row.ts';

export default defineRow({
  id: 'K9b',
  title: 'The log pipe is closed',
  injected:
    'a gateway and a worker of their own, whose standard output and standard error nobody reads any more, at log level trace; then SIGTERM',
  quick: false,
  allows: { ends: { worker: 2 } },
  async run(chaos) {
    const { stack } = chaos;
    const own = { LOG_LEVEL: 'trace', PORT: '0', ADMIN_PORT: '0', WORKER_PORT: '0' };
    await using gateway = await startLike(stack.gateway.pid, 'gateway/main.ts', own);
    await using worker = await startLike(stack.workers[0]?.pid ?? 0, 'workers/main.ts', own);
    const { gateway: origin = '' } = await gateway.ready;
    await worker.ready;
    for (const { process } of [gateway, worker]) {
      process.stdout?.destroy();
      process.stderr?.destroy();
    }
    await Promise.all(stack.workers.map((other) => other.stop()));
    const lives = [];
    for (let number = 0; number < 20; number++) {
      const { path } = ask('lasting', `${chaos.run}-${number}`);
      lives.push((await getFrom(`${origin}${path}`)).body?.meta?.source);
      await sleep(50);
    }
    const isUp = [gateway, worker].every(({ process }) => process.exitCode === null);
    const ends = await Promise.all([gateway, worker].map(stop));
    await Promise.all(stack.workers.map((other) => other.restart()));
    await chaos.watchProcesses();
    await chaos.recovery();
    const live = lives.filter((source) => source === 'live').length;
    chaos.claim('every question is answered live', live === lives.length, live);
    chaos.claim('neither has ended', isUp);
    chaos.claim(
      'both stop with code 0',
      ends.every((code) => code === 0),
      ends.join(', '),
    );
    return { answered: live, exitCodes: ends.join(', ') };
  },
});

async function stop({ process, exit }: OwnProcess): Promise<string | number> {
  process.kill('SIGTERM');
  const end = await pTimeout(exit, { milliseconds: 25_000, fallback: () => undefined });
  return end?.code ?? end?.signal ?? 'never';
}
