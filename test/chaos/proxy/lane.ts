import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createPipe, type Pipe, type Weather } from './pipe.ts';

/** What a lane does to its connections; nothing when empty. */
export interface Trouble {
  /** From the client to the server. */
  readonly up?: Weather;
  /** From the server to the client. */
  readonly down?: Weather;
  /** New connections are reset as soon as they come. */
  readonly refuse?: boolean;
  /** Which connections the weather is for; all when left out. */
  readonly only?: Choice;
}

/** Connections by their number (the first is 1) or by a label that they have earned. */
export interface Choice {
  readonly numbers?: readonly number[];
  readonly label?: string;
}

/** A connection as the lane knows it. */
export interface Passage {
  readonly number: number;
  /** The label whose pattern the client's bytes have shown. */
  readonly label: string | undefined;
}

/** A port that forwards to a target, and can be told to misbehave. */
export interface Lane {
  readonly port: number;
  /** Where connections go from now on, `host:port`. */
  aim(target: string): void;
  suffer(trouble: Trouble): void;
  /** Resets connections, both sides of them; returns how many. */
  cut(choice?: Choice): number;
  passages(): readonly Passage[];
  close(): Promise<void>;
}

const calm: Weather = {};

interface Connection {
  readonly number: number;
  label: string | undefined;
  readonly near: Socket;
  readonly far: Socket;
  readonly pipes: readonly Pipe[];
}

/** Opens a lane on a free loopback port; a label is given to a connection whose first matching bytes pass upwards. */
export async function openLane(labels: Readonly<Record<string, string>> = {}): Promise<Lane> {
  const patterns = Object.entries(labels).map(([label, source]) => ({
    label,
    pattern: new RegExp(source, 'i'),
  }));
  const open = new Set<Connection>();
  let target = '';
  let trouble: Trouble = {};
  let count = 0;
  const isChosen = ({ number, label }: Connection, only: Choice = {}) =>
    (only.numbers === undefined || only.numbers.includes(number)) &&
    (only.label === undefined || only.label === label);

  function accept(near: Socket): void {
    near.on('error', () => undefined);
    if (trouble.refuse === true || target === '') return void near.resetAndDestroy();
    const { hostname, port } = new URL(`tcp://${target}`);
    const far = connect({ host: hostname, port: Number(port), allowHalfOpen: true, noDelay: true });
    const weather = (direction: 'up' | 'down') => () =>
      isChosen(connection, trouble.only) ? (trouble[direction] ?? calm) : calm;
    const pipes = [createPipe(near, far, weather('up')), createPipe(far, near, weather('down'))];
    const connection: Connection = { number: ++count, label: undefined, near, far, pipes };
    open.add(connection);
    if (patterns.length > 0) near.on('data', (bytes: Buffer) => learn(connection, bytes));
    far.on('error', () => near.resetAndDestroy());
    near.on('error', () => far.resetAndDestroy());
    near.on('close', () => part(connection));
    far.on('close', () => part(connection));
  }
  function learn(connection: Connection, bytes: Buffer): void {
    const text = bytes.toString('latin1');
    connection.label ??= patterns.find(({ pattern }) => pattern.test(text))?.label;
  }
  /** A close is news for the other side, too; what is on its way to it goes first, and silence lets nothing through. */
  function part(connection: Connection): void {
    if (connection.pipes.some(({ isBusy }) => isBusy)) return;
    connection.near.destroy();
    connection.far.destroy();
    open.delete(connection);
  }

  const server = createServer({ allowHalfOpen: true, noDelay: true }, accept);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  const cut = (choice?: Choice) => {
    const chosen = [...open].filter((connection) => isChosen(connection, choice));
    for (const connection of chosen) {
      open.delete(connection);
      connection.near.resetAndDestroy();
      connection.far.resetAndDestroy();
    }
    return chosen.length;
  };
  return {
    port: address.port,
    aim: (to) => void (target = to),
    suffer(next) {
      trouble = next;
      for (const connection of open) {
        for (const pipe of connection.pipes) pipe.turn();
        if (connection.near.destroyed || connection.far.destroyed) part(connection);
      }
    },
    cut,
    passages: () => [...open].map(({ number, label }) => ({ number, label })),
    async close() {
      server.close();
      cut();
      await once(server, 'close');
    },
  };
}
