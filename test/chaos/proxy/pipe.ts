import type { Socket } from 'node:net';

/** What one direction of a connection suffers. */
export interface Weather {
  readonly latencyMs?: number;
  /** Up to this much more latency, at random; the order of bytes stays. */
  readonly jitterMs?: number;
  readonly bytesPerSecond?: number;
  /** Nothing is forwarded, and nobody is told: bytes and the end wait until it is over. */
  readonly silent?: boolean;
  /** So many bytes of each connection pass after the weather has begun; then it is silent. */
  readonly silentAfterBytes?: number;
}

/** One direction of a proxied connection. */
export interface Pipe {
  /** Whether bytes or an end are still on their way. */
  readonly isBusy: boolean;
  /** Looks at the weather again: it has changed. */
  turn(): void;
}

interface Parcel {
  readonly bytes: Buffer | 'end';
  readonly dueMs: number;
}

const MOST_QUEUED_BYTES = 256 * 1024;

/** Forwards bytes, and the end, from one socket to the other through the weather of the moment. */
export function createPipe(from: Socket, to: Socket, weather: () => Weather): Pipe {
  const parcels: Parcel[] = [];
  let queuedBytes = 0;
  let freeAtMs = 0;
  let passed = { weather: {} as Weather, bytes: 0 };
  let timer: NodeJS.Timeout | undefined;

  function receive(bytes: Parcel['bytes']): void {
    const { latencyMs = 0, jitterMs = 0 } = weather();
    parcels.push({ bytes, dueMs: performance.now() + latencyMs + Math.random() * jitterMs });
    queuedBytes += bytes.length;
    if (queuedBytes > MOST_QUEUED_BYTES) from.pause();
    turn();
  }
  function turn(): void {
    clearTimeout(timer);
    for (let parcel = parcels[0]; parcel !== undefined; parcel = parcels[0]) {
      const room = roomNow();
      if (room <= 0) return;
      const waitMs = Math.max(parcel.dueMs, freeAtMs) - performance.now();
      if (waitMs > 0) {
        timer = setTimeout(turn, Math.ceil(waitMs));
        return;
      }
      parcels.shift();
      if (parcel.bytes !== 'end' && parcel.bytes.length > room) {
        parcels.unshift({ ...parcel, bytes: parcel.bytes.subarray(room) });
        deliver(parcel.bytes.subarray(0, room));
      } else deliver(parcel.bytes);
    }
  }
  /** How many bytes may pass before it is silent. */
  function roomNow(): number {
    const now = weather();
    if (passed.weather !== now) passed = { weather: now, bytes: 0 };
    if (now.silent === true) return 0;
    return (now.silentAfterBytes ?? Number.POSITIVE_INFINITY) - passed.bytes;
  }
  function deliver(bytes: Parcel['bytes']): void {
    queuedBytes -= bytes.length;
    if (to.destroyed) return;
    if (bytes === 'end') return void to.end();
    const { bytesPerSecond = Number.POSITIVE_INFINITY } = weather();
    passed.bytes += bytes.length;
    freeAtMs = performance.now() + (bytes.length / bytesPerSecond) * 1000;
    to.write(bytes);
    if (queuedBytes < MOST_QUEUED_BYTES / 2) from.resume();
  }
  from.on('data', receive);
  from.on('end', () => receive('end'));
  return {
    get isBusy() {
      return parcels.length > 0;
    },
    turn,
  };
}
