import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { switchQuery } from '../../cli/commands/switch.ts';
import { getFrom } from '../get.ts';
import { assertRefused, send } from '../shared/send.ts';
import { until } from '../until.ts';
import { assertProblem } from './assert-problem.ts';
import { withClaims } from './with-claims.ts';

const ADMIN_TOKEN = 'a-token-for-the-tests';
const authorization = `Bearer ${ADMIN_TOKEN}`;
const hourMs = 3_600_000;

describe('the switch of a query', async () => {
  const stack = await withClaims({ env: { ADMIN_TOKEN } });
  after(() => stack.stop());
  const { admin } = stack.addresses;
  assert.ok(admin);
  const at = (query: string) => `${admin}/admin/v1/queries/${query}/switch`;
  const turn = (query: string, body: unknown) =>
    send(at(query), 'PUT', JSON.stringify(body), { authorization });
  const look = (query: string) => getFrom(at(query), { authorization });

  test('is normal until a person turns it, and again when he turns it back', async () => {
    const standing = await look('bare');
    assert.deepEqual(standing.body, { data: { query: 'bare', mode: 'normal' } });
    assert.equal(standing.headers.get('cache-control'), 'no-store');
    for (const mode of ['stale-only', 'frozen', 'normal']) {
      assert.deepEqual((await turn('bare', { mode })).body, { data: { query: 'bare', mode } });
      assert.deepEqual((await look('bare')).body, { data: { query: 'bare', mode } });
    }
    const told = /"mode":"frozen","before":"stale-only"/;
    await until(async () => told.test(await stack.log('gateway')));
  });

  test('stands in the list of all queries, with the breaker', async () => {
    await turn('steady', { mode: 'frozen' });
    const { body } = await getFrom(`${admin}/admin/v1/queries`, { authorization });
    const named = (name: string) =>
      body.data.find(({ query }: { query: string }) => query === name);
    assert.deepEqual(named('steady'), { query: 'steady', mode: 'frozen', breaker: 'closed' });
    assert.deepEqual(named('bare'), { query: 'bare', mode: 'normal', breaker: 'closed' });
    await turn('steady', { mode: 'normal' });
  });

  test('is turned by nobody who does not have the token, while health and metrics are open', async () => {
    for (const given of [{}, { authorization: 'Bearer another' }, { authorization: ADMIN_TOKEN }]) {
      const refused = await send(at('bare'), 'PUT', '{"mode":"frozen"}', given);
      assertRefused(refused, 'unauthorized');
      assert.match(refused.headers.get('www-authenticate') ?? '', /^Bearer realm=/);
      assertRefused(await getFrom(`${admin}/admin/v1/anything`, given), 'unauthorized');
    }
    assert.equal((await look('bare')).body.data.mode, 'normal');
    for (const path of ['/healthz', '/metrics'])
      assert.equal((await getFrom(`${admin}${path}`)).status, 200);
  });

  test('refuses what is no mode, and says what is', async () => {
    for (const body of [{ mode: 'lukewarm' }, {}, [], null, 'frozen', { mode: 'frozen', for: 1 }]) {
      const refused = await turn('bare', body);
      assertRefused(refused, 'invalid-body');
      assert.match(refused.text, /normal.*stale-only.*frozen/);
      assert.equal(refused.body.problems.length > 0, true);
    }
    assertRefused(await turn('nobody', { mode: 'frozen' }), 'not-found');
    assertRefused(await look('toString'), 'not-found');
    assertRefused(
      await send(at('bare'), 'DELETE', undefined, { authorization }),
      'method-not-allowed',
    );
  });

  test('is turned from the command line', async () => {
    const command = (...words: string[]) =>
      switchQuery.run({
        words,
        options: new Map([['admin', admin]]),
        json: false,
        env: { ADMIN_TOKEN },
      });
    assert.match((await command('bare', 'frozen')).text, /bare +frozen$/);
    assert.equal((await look('bare')).body.data.mode, 'frozen');
    assert.match((await command()).text, /bare +frozen +closed\n/);
    assert.match((await command('bare', 'normal')).text, /bare +normal$/);
    const failed = await command('nobody');
    assert.equal(failed.exitCode, 1);
    assert.match(failed.text, /No query has this name/);
    await assert.rejects(command('bare', 'lukewarm'), { message: /Expected normal, stale-only/ });
  });

  for (const mode of ['stale-only', 'frozen'])
    test(`keeps the warehouse from being asked while it is ${mode}, and gives what is held`, async () => {
      const known = { query: 'bare', parameters: { key: `known ${mode}` } };
      const asOf = await stack.put(known, [{ key: 'known', stamp: 'old' }], hourMs);
      const unknown = { query: 'bare', parameters: { key: `unknown ${mode}` } };
      await turn('bare', { mode });
      let asked = 0;
      // Each time another question: who asks before the gateway has heard of it has an entry afterwards.
      await until(async () => {
        asked += 1;
        const early = { query: 'bare', parameters: { key: `early ${mode} ${asked}` } };
        return (await stack.ask(early)).body.code === 'switched';
      });
      await stack.forgetJobs();
      const held = await stack.ask(known);
      assert.equal(held.body.data[0].stamp, 'old');
      assert.equal(held.body.meta.source, 'stale');
      assert.equal(held.body.meta.parts.bare.reason, 'switched');
      assertProblem(await stack.ask(unknown), 'switched');
      assert.deepEqual(await stack.jobs(), []);
      await turn('bare', { mode: 'normal' });
      await until(async () => {
        await stack.ask(known);
        const entry = await stack.stored(known);
        return entry !== undefined && entry.asOf > asOf;
      });
    });

  test('cannot be turned or read while its store is away, and says so', async () => {
    const { queue } = stack.redis;
    assert.ok(queue);
    await queue.kill();
    assertRefused(await turn('bare', { mode: 'frozen' }), 'store-down');
    const refused = await look('bare');
    assertRefused(refused, 'store-down');
    assert.ok(refused.headers.has('retry-after'));
    assertRefused(await getFrom(`${admin}/admin/v1/queries`, { authorization }), 'store-down');
    await queue.restart();
    await until(async () => (await look('bare')).status === 200);
  });
});
