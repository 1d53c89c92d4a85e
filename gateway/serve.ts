import { createServer } from 'node:http';
import { AggregatorRegistry } from 'prom-client';
import type { Config } from '../shared/config.ts';
import type { Role } from '../shared/role-process.ts';
import { listen } from '../shared/side-door.ts';
import { createApp } from './app.ts';
import { answerClientError } from './http/client-error.ts';
import { createGatewayContext } from './gateway-context.ts';

/** Bounds on a client that sends slowly, and a keep-alive longer than a load balancer's idle time. */
const SERVER_OPTIONS = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 75_000,
};
const MAX_CONNECTIONS = 10_000;

/** Serves as one of the gateway's processes; they share the port. */
export async function serve(config: Config): Promise<Role> {
  const context = await createGatewayContext(config);
  // Making one is what lets this process answer when the supervisor collects the metrics of all.
  void new AggregatorRegistry();
  AggregatorRegistry.setRegistries([context.metrics]);
  const server = createServer(SERVER_OPTIONS, createApp(context));
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', answerClientError);
  const address = await listen(server, config.gateway.host, config.gateway.port);
  context.log.info({ address, queries: context.catalog.queries.size }, 'gateway process is up');
  return {
    addresses: { gateway: address },
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      // A connection that is kept alive goes idle only after its last answer, and nobody else closes it then.
      const closeIdle = setInterval(() => server.closeIdleConnections(), 50);
      // Every request under way is answered by its deadline; after that only idle or broken connections are left.
      const timer = setTimeout(
        () => server.closeAllConnections(),
        config.gateway.answerWithinMs + 1_000,
      );
      await closed;
      clearTimeout(timer);
      clearInterval(closeIdle);
      await context.close();
    },
  };
}
