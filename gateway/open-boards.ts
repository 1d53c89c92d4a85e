import type { Catalog } from '../shared/catalog/catalog.ts';
import type { Clock } from '../shared/clock.ts';
import { createEpochBoard } from '../shared/epochs/epoch-board.ts';
import { createEpochStore } from '../shared/epochs/epoch-store.ts';
import { keptForMs } from '../shared/epochs/kept-for.ts';
import { createKnownEpochs, type KnownEpochs } from '../shared/epochs/known-epochs.ts';
import type { Mode } from '../shared/switches/mode.ts';
import { createSwitchBoard } from '../shared/switches/switch-board.ts';
import { createVersionBoard, type VersionBoard } from '../shared/versions/version-board.ts';
import type { StoreConnections } from './connect-stores.ts';
import type { GatewayEvents } from './gateway-events.ts';

/** What boards are opened with. */
export interface BoardSurroundings {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly redis: StoreConnections;
  readonly events: GatewayEvents;
}

/** What the fleet has agreed on and a process has always at hand: epochs, switches and versions. */
export interface Boards {
  readonly epochs: KnownEpochs;
  readonly versions: Pick<VersionBoard, 'otherThan'>;
  /** How a query runs just now, if somebody has switched it. */
  modeOf(query: string): Mode;
  start(): void;
  stop(): void;
}

/** The boards of one gateway process, which know nothing until they are started. */
export function openBoards({ catalog, clock, redis, events }: BoardSurroundings): Boards {
  const { queue, cache, subscriber } = redis;
  const queries = [...catalog.queries.values()];
  const onQueueError = (error: unknown) => events.redisError('queue', error);
  const keepMs = keptForMs(queries.map(({ policy }) => policy));
  const epochs = createKnownEpochs({ clock, keepMs });
  const epochBoard = createEpochBoard({
    cache,
    subscriber,
    known: epochs,
    store: createEpochStore({ cache, queue, onUntold: onQueueError }),
    onError: (error) => events.redisError('cache', error),
  });
  const switches = createSwitchBoard({
    redis: queue,
    subscriber,
    onChange: (query, mode) => events.switchChanged(query, mode),
    onError: onQueueError,
  });
  const versions = createVersionBoard({
    redis: queue,
    subscriber,
    queries,
    onError: onQueueError,
  });
  const boards = [epochBoard, switches, versions];
  return {
    epochs,
    versions,
    modeOf: (query) => switches.modeOf(query),
    start() {
      for (const board of boards) board.start();
    },
    stop() {
      for (const board of boards) board.stop();
    },
  };
}
