import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { childrenOf } from '../judges/process/proc.ts';
import type { Arrival, Question } from '../judges/client/plan.ts';
import { startLike } from '../loads/own-process.ts';
import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, keys, outcomes } from '../tally.ts';

const files = 256;
const idleCount = 800;
const tolerates = ['refused', 'reset', 'closed'] as const;

export default defineRow({
  id: 'K9a',
  title: 'A gateway runs out of file descriptors',
  injected:
    'a gateway of two processes that may open 256 files each, with 800 idle connections for 6 s (within the bound for a request’s headers)',
  quick: false,
  async run(chaos) {
    const questions = keys(chaos.run, 5).map((key) => ask('lasting', key));
    await chaos.seed(questions);
    const settings = { PORT: '0', ADMIN_PORT: '0', GATEWAY_PROCESSES: '2' };
    const { pid } = chaos.stack.gateway;
    await using gateway = await startLike(pid, 'gateway/main.ts', settings, files);
    const { gateway: origin = '' } = await gateway.ready;
    const serving = () => childrenOf(gateway.process.pid ?? 0);
    const before = await serving();
    const fire = fireAt(chaos, origin, questions);
    const kept = fire({ kind: 'in-turn', count: 80, pauseMs: 50 });
    await sleep(1_000);
    const idle = await idleConnections(origin);
    await sleep(300);
    const held = idle.filter(({ destroyed }) => !destroyed).length;
    const during = await fire({ kind: 'rate', perSecond: 20, forMs: 3_000 });
    for (const socket of idle) socket.destroy();
    await sleep(500);
    const after = await fire({ kind: 'rate', perSecond: 20, forMs: 2_000 });
    const onKept = await kept;
    const good = (exchanges: typeof onKept) => countBy(exchanges, 'fresh', 'live');
    chaos.claim('kept connections are answered', good(onKept) === onKept.length, outcomes(onKept));
    chaos.claim('then all are answered', good(after) === after.length, outcomes(after));
    const same = isDeepStrictEqual(await serving(), before);
    chaos.claim('no process has ended', same && gateway.process.exitCode === null);
    return {
      heldIdle: held,
      kept: outcomes(onKept),
      during: outcomes(during),
      after: outcomes(after),
    };
  },
});

/** Sends a load to another gateway than the stack's; what is asked in turn stays on one connection. */
function fireAt({ client }: Chaos, origin: string, questions: readonly Question[]) {
  let loads = 0;
  return (arrival: Arrival) => {
    const keepAlive = arrival.kind === 'in-turn';
    const name = `own-${++loads}`;
    const tolerated = keepAlive ? [] : tolerates;
    return client.ask('fire', {
      name,
      origin,
      questions,
      arrival,
      keepAlive,
      tolerates: tolerated,
    });
  };
}

/** Connections on which nothing is ever asked; those that are not let in close by themselves. */
async function idleConnections(origin: string): Promise<readonly Socket[]> {
  const { hostname: host, port } = new URL(origin);
  const sockets = Array.from({ length: idleCount }, () => connect({ host, port: Number(port) }));
  await Promise.all(
    sockets.map((socket) => {
      // A socket that is not read never hears of its end.
      socket.on('error', () => undefined).resume();
      return Promise.race([once(socket, 'connect'), once(socket, 'close')]);
    }),
  );
  return sockets;
}
