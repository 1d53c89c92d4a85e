import { AggregatorRegistry, Counter, Registry } from 'prom-client';
import { monotonicClock } from '../shared/clock.ts';
import type { Config } from '../shared/config.ts';
import { createFaultEvents } from '../shared/fault-events.ts';
import { createLogger, type Logger } from '../shared/log.ts';
import { connectRedis } from '../shared/redis/connect.ts';
import type { Role } from '../shared/role-process.ts';
import { openSideDoor } from '../shared/side-door.ts';
import { createSwitches } from '../shared/switches/switches.ts';
import { createRecentParameters } from '../shared/versions/recent-parameters.ts';
import { createVersions } from '../shared/versions/versions.ts';
import { openWarmingQueue, startWarming } from '../shared/warm/warming-queue.ts';
import { admitBearer, isLoopback } from './admin/admit.ts';
import { breakersIn } from './admin/breakers-in.ts';
import { openInvalidations } from './admin/open-invalidations.ts';
import { switchRoutes } from './admin/switch-routes.ts';
import { versionRoutes } from './admin/version-routes.ts';
import { createWarmReports } from './admin/warm-report.ts';
import { warmRoutes } from './admin/warm-routes.ts';
import { type Fleet, startFleet } from './serving/fleet.ts';

/** Runs the gateway's serving processes, replaces those that die, and opens the admin port for all of them. */
export async function supervise(config: Config): Promise<Role> {
  const log = createLogger('gateway-supervisor', config.logLevel);
  warnWhenOpen(config, log);
  await using opened = new AsyncDisposableStack();
  const own = new Registry();
  const restarts = restartsCounter(own);
  const { routes, close } = await createAdmin(config, log, own, () => fleet);
  opened.defer(close);
  const { host, port, token } = config.admin;
  const door = opened.use(await openSideDoor({ host, port, admit: admitBearer(token) }, routes));
  let fleet: Fleet | undefined;
  fleet = await startFleet({
    processes: config.gateway.processes,
    host: config.gateway.host,
    port: config.gateway.port,
    log,
    onLost: () => restarts.inc(),
  });
  opened.defer(() => fleet.stop());
  const addresses = { gateway: fleet.address, admin: door.url };
  log.info({ ...addresses, processes: config.gateway.processes }, 'gateway is up');
  const running = opened.move();
  return { addresses, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

/** The routes of the admin port, and what they hold open. */
async function createAdmin(
  config: Config,
  log: Logger,
  own: Registry,
  fleet: () => Fleet | undefined,
) {
  const events = createFaultEvents(log, own);
  const onError = (error: unknown) => events.redisError('queue', error);
  const redis = connectRedis(config.redis.queueUrl, 'request', { onError });
  const served = () => fleet()?.queries() ?? [];
  const around = { config, log, metrics: own, events, queue: redis, served };
  const invalidations = await openInvalidations(around);
  const warming = openWarmingQueue(redis, onError);
  const metrics = async () => {
    const serving = (await fleet()?.metrics()) ?? [];
    return AggregatorRegistry.aggregate([...serving, await own.getMetricsAsJSON()]).metrics();
  };
  const routes = {
    '/healthz': () => ({ status: 200, contentType: 'application/json', body: '{"status":"up"}\n' }),
    '/metrics': async () => ({
      status: 200,
      contentType: own.contentType,
      body: await metrics(),
    }),
    ...switchRoutes({
      switches: createSwitches(redis),
      queries: () => served().map(({ name }) => name),
      breakers: async () => breakersIn(await metrics()),
      onSet: (query, mode, before) => log.warn({ query, mode, before }, 'switch set'),
      onError,
    }),
    ...versionRoutes({
      versions: createVersions(redis),
      recent: createRecentParameters(redis),
      onError,
    }),
    ...invalidations.routes,
    ...warmRoutes({
      reports: createWarmReports(redis, monotonicClock),
      start: (query) => startWarming(warming, query),
      onStart: (query, id) => log.info({ query, id }, 'warming run asked for'),
      onError,
    }),
  };
  const close = () => {
    invalidations.close();
    redis.disconnect();
  };
  return { routes, close };
}

function warnWhenOpen({ admin }: Config, log: Logger): void {
  if (admin.token !== undefined || isLoopback(admin.host)) return;
  log.warn(
    { host: admin.host },
    'whoever reaches the admin port may turn switches and invalidate entries: set ADMIN_TOKEN, or ADMIN_HOST to loopback',
  );
}

function restartsCounter(register: Registry): Counter {
  return new Counter({
    name: 'punctual_gateway_restarts_total',
    help: 'Gateway processes that ended and were replaced',
    registers: [register],
  });
}
