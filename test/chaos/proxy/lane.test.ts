import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { until } from '../../until.ts';
import { type Lane, openLane } from './lane.ts';

describe('a lane of the chaos proxy', () => {
  test('forwards bytes and ends both ways when nothing is wrong', async () => {
    await using road = await openRoad();
    const client = await road.enter();
    client.end('hello');
    const chunks: Buffer[] = [];
    for await (const chunk of client) chunks.push(chunk as Buffer);
    assert.equal(Buffer.concat(chunks).toString(), 'HELLO');
  });

  test('adds latency each way and keeps the order of bytes under jitter', async () => {
    await using road = await openRoad();
    road.lane.suffer({ up: { latencyMs: 40, jitterMs: 20 }, down: { latencyMs: 40 } });
    const client = await road.enter();
    const startedMs = performance.now();
    for (const letter of 'abcdefgh') client.write(letter);
    assert.equal(await read(client, 8), 'ABCDEFGH');
    assert.ok(performance.now() - startedMs >= 80);
  });

  test('lets no more bytes through than the bandwidth', async () => {
    await using road = await openRoad();
    road.lane.suffer({ down: { bytesPerSecond: 100_000 } });
    const client = await road.enter();
    const startedMs = performance.now();
    client.write('x'.repeat(20_000));
    await read(client, 20_000);
    client.write('y');
    await read(client, 1);
    assert.ok(performance.now() - startedMs >= 190);
  });

  test('is half-open: nothing passes, nothing is closed, and all of it arrives once healed', async () => {
    await using road = await openRoad();
    const client = await road.enter();
    road.lane.suffer({ up: { silent: true } });
    client.write('held');
    const second = await road.enter();
    second.write('too');
    await until(() => road.lane.passages().length === 2);
    assert.equal(client.readableLength + second.readableLength, 0);
    assert.ok(!client.closed && !second.closed);
    road.lane.suffer({});
    assert.equal(await read(client, 4), 'HELD');
    assert.equal(await read(second, 3), 'TOO');
  });

  test('falls silent after so many bytes, in the middle of what it forwards', async () => {
    await using road = await openRoad();
    const client = await road.enter();
    client.write('before');
    await read(client, 6);
    road.lane.suffer({ down: { silentAfterBytes: 3 } });
    client.write('halved');
    assert.equal(await read(client, 3), 'HAL');
    road.lane.suffer({});
    assert.equal(await read(client, 3), 'VED');
  });

  test('cuts with a reset, all or those of a label', async () => {
    await using road = await openRoad({ loud: 'SHOUT' });
    const quiet = await road.enter();
    const loud = await road.enter();
    loud.write('shout');
    await read(loud, 5);
    quiet.write('word');
    await read(quiet, 4);
    const broken = failureOf(loud);
    assert.equal(road.lane.cut({ label: 'loud' }), 1);
    assert.equal(await broken, 'ECONNRESET');
    quiet.write('still');
    assert.equal(await read(quiet, 5), 'STILL');
    const all = failureOf(quiet);
    assert.equal(road.lane.cut(), 1);
    assert.equal(await all, 'ECONNRESET');
  });

  test('strikes only the connections that are chosen by number', async () => {
    await using road = await openRoad();
    const first = await road.enter();
    const second = await road.enter();
    await until(() => road.lane.passages().length === 2);
    road.lane.suffer({ up: { silent: true }, only: { numbers: [1] } });
    first.write('held');
    second.write('through');
    assert.equal(await read(second, 7), 'THROUGH');
    assert.equal(first.readableLength, 0);
  });

  test('refuses new connections until it is healed', async () => {
    await using road = await openRoad();
    road.lane.suffer({ refuse: true });
    const refused = connect(road.lane.port, '127.0.0.1');
    assert.equal(await failureOf(refused), 'ECONNRESET');
    road.lane.suffer({});
    const client = await road.enter();
    client.write('again');
    assert.equal(await read(client, 5), 'AGAIN');
  });
});

/** A lane to a server that answers in capitals, and clients of it. */
async function openRoad(labels?: Record<string, string>) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => socket.write(bytes.toString().toUpperCase()));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const lane: Lane = await openLane(labels);
  const { port } = server.address() as { port: number };
  lane.aim(`127.0.0.1:${port}`);
  return {
    lane,
    async enter(): Promise<Socket> {
      const socket = connect(lane.port, '127.0.0.1');
      sockets.push(socket);
      await once(socket, 'connect');
      return socket;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await lane.close();
      server.close();
      await once(server, 'close');
    },
  };
}

async function read(socket: Socket, bytes: number): Promise<string> {
  const text = await until(() => socket.read(bytes) as Buffer | null, { everyMs: 5 });
  return text.toString();
}

function failureOf(socket: Socket): Promise<string> {
  return new Promise((resolve) => {
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''));
    socket.resume();
  });
}
