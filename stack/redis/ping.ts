import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pTimeout from 'p-timeout';

const askWithinMs = 1000;
const pauseMs = 20;

/** Resolves when the Redis server with this process id answers PONG on the port; never for another server's answer. */
export async function waitForPong(port: number, pid: number, signal: AbortSignal): Promise<void> {
  while (!(await answers(port, pid))) await sleep(pauseMs, undefined, { signal });
}

async function answers(port: number, pid: number): Promise<boolean> {
  try {
    const reply = await ask(port);
    return reply.startsWith('+PONG') && reply.includes(`process_id:${pid}\r\n`);
  } catch {
    return false;
  }
}

/** Inline commands; QUIT makes the server close, so the whole reply is what came until the end. */
async function ask(port: number): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.setEncoding('utf8');
  socket.write('PING\r\nINFO server\r\nQUIT\r\n');
  try {
    return await pTimeout(
      socket.reduce((all: string, part: string) => all + part, ''),
      {
        milliseconds: askWithinMs,
      },
    );
  } finally {
    socket.destroy();
  }
}
