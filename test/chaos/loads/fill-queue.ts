import { createHash, randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';

const perBatch = 1_000;

/** Puts jobs of a query into a class's queue that were due a minute ago, each for a question of its own. */
export async function fillQueue(
  url: string,
  queueClass: string,
  job: { readonly query: string; readonly version: string },
  count: number,
): Promise<void> {
  const { hostname, port } = new URL(url);
  const queue = new Queue(queueClass, {
    connection: { host: hostname, port: Number(port) },
    prefix: '{punctual}',
    skipVersionCheck: true,
  });
  try {
    for (let first = 0; first < count; first += perBatch) {
      const size = Math.min(perBatch, count - first);
      await queue.addBulk(Array.from({ length: size }, () => overdueJob(queueClass, job)));
    }
  } finally {
    await queue.close();
  }
}

function overdueJob(queueClass: string, { query, version }: { query: string; version: string }) {
  const key = randomUUID();
  const fingerprint = createHash('sha256').update(key).digest('hex');
  return {
    name: query,
    data: {
      fingerprint,
      query,
      version,
      scope: 'public',
      parameters: { key },
      class: queueClass,
      deadline: Date.now() - 60_000,
      newerThan: 0,
      requestId: key,
    },
    opts: { jobId: key, attempts: 1, removeOnComplete: true, removeOnFail: true },
  };
}
