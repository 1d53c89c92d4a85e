import assert from 'node:assert/strict';
import { getFrom } from '../get.ts';
import { send } from '../shared/send.ts';
import { until } from '../until.ts';
import type { ClaimsStack } from './with-claims.ts';

/** The warming runs of a stack, as its admin port has them. */
export function warmingOf({ addresses: { admin } }: ClaimsStack) {
  const start = (query: string) =>
    send(`${admin}/admin/v1/warm`, 'POST', JSON.stringify({ query }));
  const report = async (query: string) => (await getFrom(`${admin}/admin/v1/warm/${query}`)).body;
  const ended = (query: string, id: string) =>
    until(
      async () => {
        const run = (await report(query)).data?.lastRun;
        return run?.id === id && run.state !== 'running' ? run : undefined;
      },
      { withinMs: 60_000, what: `the end of a run of ${query}` },
    );
  return {
    start,
    report,
    ended,
    async run(query: string) {
      const started = await start(query);
      assert.equal(started.status, 202, started.text);
      return ended(query, started.body.data.id);
    },
  };
}
