import { ask, defineEndpoint, z } from 'punctual';
import benchBrief from '../queries/bench-brief.ts';
import benchEcho from '../queries/bench-echo.ts';

export default defineEndpoint({
  path: '/bench/page',
  summary: 'A page of three parts, of a query whose answers last for an hour or for a second.',
  parameters: z.object({ n: z.int(), lasting: z.enum(['hour', 'second']) }),
  parts: {
    first: ({ n, lasting }) => askLasting(lasting, n),
    second: ({ n, lasting }) => askLasting(lasting, n + 1),
    third: ({ n, lasting }) => askLasting(lasting, n + 2),
  },
});

function askLasting(lasting: 'hour' | 'second', n: number) {
  return lasting === 'hour' ? ask(benchEcho, { n }) : ask(benchBrief, { n });
}
