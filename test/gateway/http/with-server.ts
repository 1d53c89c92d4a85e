import type { RequestListener, Server } from 'node:http';
import { createDrain } from '../../../gateway/http/drain.ts';
import {
  createGatewayServer,
  type GatewayServerOptions,
} from '../../../gateway/http/gateway-server.ts';
import {
  createOpenAnswers,
  type CutAnswer,
  type OpenAnswers,
} from '../../../gateway/http/open-answers.ts';
import { listen } from '../../../shared/side-door.ts';

/** A gateway's server around any listener, and what it told of. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly server: Server;
  readonly open: OpenAnswers;
  readonly faults: readonly string[];
  readonly cuts: readonly CutAnswer[];
  drain(): Promise<void>;
}

/** Opens one on a free port. */
export async function withServer(
  app: RequestListener,
  {
    answerWithinMs = 18_000,
    maxConnections = 100,
    delayMs = 1_000,
    silentMs,
    tier,
    classes,
  }: {
    answerWithinMs?: number;
    maxConnections?: number;
    delayMs?: number;
    silentMs?: number;
    tier?: GatewayServerOptions['tier'];
    classes?: GatewayServerOptions['classes'];
  } = {},
): Promise<TestServer> {
  const faults: string[] = [];
  const cuts: CutAnswer[] = [];
  const open = createOpenAnswers({ answerWithinMs, onCut: (cut) => cuts.push(cut) });
  const events = { fault: (kind: string) => void faults.push(kind) };
  const bounds = { maxConnections, silentMs };
  const server = createGatewayServer({ app, classes, tier, open, events, ...bounds });
  const drain = createDrain(server, open, { delayMs, withinMs: 10_000 });
  const url = await listen(server, '127.0.0.1', 0);
  open.start();
  return {
    url,
    server,
    open,
    faults,
    cuts,
    drain,
    async [Symbol.asyncDispose]() {
      open.stop();
      server.closeAllConnections();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}
