import { fileURLToPath } from 'node:url';
import { type Child, startChild } from './child.ts';
import type { LineSink } from './log-file.ts';
import { type ManagedProcess, startManaged } from './managed-process.ts';
import { parseRoleMessage } from './role-message.ts';

/** By name: `emulator`, `gateway` and `admin`, or `worker`. */
type Addresses = Readonly<Record<string, string>>;

/** A gateway, worker or emulator process; it keeps its ports over a restart. */
export type RoleProcess = ManagedProcess<Addresses>;

/** Which role to start, from which file, with which settings. */
export interface RoleOptions {
  readonly name: string;
  /** The module to run, relative to the repository. */
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  /** The setting that chooses the port of each named address. */
  readonly portSettings: Readonly<Record<string, string>>;
  readonly readyWithinMs: number;
  readonly stopWithinMs: number;
  readonly log: LineSink;
  readonly onProgress: (text: string) => void;
  readonly signal?: AbortSignal;
}

const repository = new URL('../', import.meta.url);

/** Starts a role with this Node.js and waits for its `{ready, addresses}`; rejects with its last lines if it dies first. */
export function startRole(options: RoleOptions): Promise<RoleProcess> {
  const entry = fileURLToPath(new URL(options.entry, repository));
  let ports: NodeJS.ProcessEnv = {};
  let whenReady = Promise.withResolvers<Addresses>();

  function receive(message: unknown): void {
    const parsed = parseRoleMessage(message);
    if (parsed?.kind === 'progress') options.onProgress(parsed.text);
    if (parsed?.kind === 'ready') whenReady.resolve(parsed.addresses);
  }
  function launch(): Promise<Child> {
    whenReady = Promise.withResolvers();
    return startChild({
      command: process.execPath,
      args: [entry],
      env: { ...options.env, ...ports },
      ipc: true,
      onLine: options.log,
      onMessage: receive,
    });
  }
  async function waitUntilReady(): Promise<Addresses> {
    const addresses = await whenReady.promise;
    ports = chosenPorts(addresses, options.portSettings);
    return addresses;
  }
  const { name, readyWithinMs, stopWithinMs, signal } = options;
  return startManaged({ name, readyWithinMs, stopWithinMs, launch, waitUntilReady }, signal);
}

function chosenPorts(addresses: Addresses, portSettings: RoleOptions['portSettings']) {
  const ports: Record<string, string> = {};
  for (const [name, setting] of Object.entries(portSettings)) {
    const address = addresses[name];
    if (address !== undefined) ports[setting] = new URL(address).port;
  }
  return ports;
}
