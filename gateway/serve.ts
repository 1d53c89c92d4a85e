import pTimeout from 'p-timeout';
import type { Config } from '../shared/config.ts';
import type { Role } from '../shared/role-process.ts';
import { listen } from '../shared/side-door.ts';
import { keepTidy } from '../shared/tidy-heap.ts';
import { createApp } from './app.ts';
import { createDrain } from './http/drain.ts';
import { createGatewayContext } from './gateway-context.ts';
import { createGatewayServer } from './http/gateway-server.ts';
import { messageClassesOf } from './http/message-classes.ts';
import { createOpenAnswers } from './http/open-answers.ts';
import { noteStopping } from './routes/health-routes.ts';
import { answerQuestions, sayServes } from './serving/messages.ts';

/** What an answer may take beyond the instant at which it was due, its last byte included. */
const LAST_BYTE_MS = 1_000;
/** The stores may be frozen when everything of ours is done. */
const CLOSE_WITHIN_MS = 2_000;

/**
 * Each process has a socket of its own on the port, and the kernel spreads connections over them. Handed over by the
 * supervisor, as elsewhere, a connection hangs for ever when the process that it was meant for dies in that moment.
 */
const CAN_SHARE_PORTS = process.platform === 'linux';

/** Serves as one of the gateway's processes; they share the port. */
export async function serve(config: Config): Promise<Role> {
  const context = await createGatewayContext(config);
  const { answerWithinMs } = config.gateway;
  const open = createOpenAnswers({
    answerWithinMs,
    onCut: (cut) => context.events.fault('slow-reader', 'answer not taken in time', cut),
  });
  const app = createApp(context);
  const stopping = new AbortController();
  noteStopping(app, stopping.signal);
  const classes = messageClassesOf(app);
  const { tier, events } = context;
  const server = createGatewayServer({ app, classes, tier, open, events });
  const drain = createDrain(server, open, { withinMs: answerWithinMs + LAST_BYTE_MS });
  const { host, port } = config.gateway;
  const address = await listen(server, host, port, { reusePort: CAN_SHARE_PORTS });
  open.start();
  const leaveHeap = keepTidy();
  answerQuestions(context.metrics);
  sayServes(
    [...context.catalog.queries.values()].map(({ name, version, policy }) => ({
      name,
      version,
      staleForMs: policy.staleForMs,
    })),
  );
  context.log.info({ address, queries: context.catalog.queries.size }, 'gateway process is up');
  return {
    addresses: { gateway: address },
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await drain();
      open.stop();
      leaveHeap();
      await pTimeout(context.close(), { milliseconds: CLOSE_WITHIN_MS, fallback: () => undefined });
    },
  };
}
