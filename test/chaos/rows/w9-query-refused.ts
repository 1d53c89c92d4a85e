import { ask } from '../question.ts';
import { type Chaos, defineRow } from '../row.ts';
import { countBy, outcomes, shareMs } from '../tally.ts';

const refusals = {
  invalidQuery: { status: 400, reason: 'invalidQuery' },
  notFound: { status: 404, reason: 'notFound' },
  accessDenied: { status: 403, reason: 'accessDenied' },
} as const;

export default defineRow({
  id: 'W9',
  title: 'The warehouse refuses one query',
  injected:
    'every job of a query fails as invalidQuery, notFound, accessDenied; for each 10 new questions a second for 2 s, beside another query',
  quick: true,
  async run(chaos) {
    const figures: Record<string, string> = {};
    for (const [name, error] of Object.entries(refusals))
      figures[name] = await suffer(chaos, name, error);
    await chaos.faults();
    await chaos.recovery('plain');
    return figures;
  },
});

async function suffer(chaos: Chaos, name: string, error: object): Promise<string> {
  await chaos.faults({ match: { query: 'plain' }, error });
  const arrival = { kind: 'rate', perSecond: 10, forMs: 2_000 } as const;
  const [refused, others] = await Promise.all([
    chaos.fire({ questions: ask('plain', `${chaos.run}-${name}-{n}`), arrival }),
    chaos.fire({ questions: ask('lasting', `${chaos.run}-${name}-{n}`), arrival }),
  ]);
  const failed = countBy(refused, 'query-failed');
  chaos.claim(
    `${name}: that query fails, and its breaker stays closed`,
    failed === refused.length,
    outcomes(refused),
  );
  const mostMs = chaos.isStrict ? 1_000 : 4_000;
  const slow = shareMs(refused, 0.95);
  chaos.claim(`${name}: fast`, slow <= mostMs, slow);
  const live = countBy(others, 'live');
  chaos.claim(`${name}: others notice nothing`, live === others.length, outcomes(others));
  return `${outcomes(refused)}; others ${outcomes(others)}`;
}
