import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StackError } from './stack-error.ts';

/** Makes sure that one stack at a time uses a data folder: two Redis servers on one append-only file would ruin it. */
export async function claimDirectory(directory: string): Promise<AsyncDisposable> {
  const path = socketPath(directory);
  if (await isAnswered(path)) {
    throw new StackError(
      `Another Punctual on this machine uses the data folder ${directory}: stop it, or set DATA_DIR to another folder.`,
    );
  }
  if (!isAbstract) await rm(path, { force: true });
  const server = createServer((socket) => socket.end());
  server.listen(path);
  await once(server, 'listening');
  server.unref();
  return { [Symbol.asyncDispose]: () => close(server) };
}

// Linux has sockets with a name and no file: nothing to clean up after a crash.
const isAbstract = process.platform === 'linux';

/** Elsewhere in the system's own folder, because a socket path may not be longer than about 100 bytes. */
function socketPath(directory: string): string {
  const digest = createHash('sha256').update(directory).digest('hex').slice(0, 16);
  const name = `punctual-${process.getuid?.() ?? 0}-${digest}`;
  return isAbstract ? `\0${name}` : join(tmpdir(), `${name}.sock`);
}

async function isAnswered(path: string): Promise<boolean> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function close(server: Server): Promise<void> {
  server.close();
  await once(server, 'close');
}
