import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { text as readText } from 'node:stream/consumers';
import { after, describe, test } from 'node:test';
import { assertProblem } from './assert-problem.ts';
import { withClaims } from './with-claims.ts';

const home = '/api/v1/home/recommendations';
const alerts = '/api/v1/analytics/price-alerts';

describe('a wrong request', async () => {
  const stack = await withClaims();
  after(() => stack.stop());
  const problemsOf = async (path: string) => {
    const answer = await stack.get(path);
    assertProblem(answer, 'invalid-parameters');
    const problems = answer.body.problems as { parameter: string; expected: string; got: string }[];
    for (const { expected, got } of problems) assert.ok(expected !== '' && got !== '');
    return Object.fromEntries(problems.map(({ parameter, ...rest }) => [parameter, rest]));
  };

  test('has every wrong parameter named at once, with what was expected and what was got', async () => {
    const path = `${alerts}?by=colour&window=3d&minChangePercent=-1&direction=sideways&minUnits=0&limit=501&colour=red`;
    const problems = await problemsOf(path);
    assert.deepEqual(Object.keys(problems).sort(), [
      'by',
      'colour',
      'direction',
      'limit',
      'minChangePercent',
      'minUnits',
      'window',
    ]);
    assert.deepEqual(problems['by'], {
      expected: 'one of product, brand, category',
      got: 'colour',
    });
    assert.deepEqual(problems['limit'], {
      expected: 'a whole number from 1 up to 500',
      got: '501',
    });
  });

  test('has numbers refused that are not written as such', async () => {
    for (const limit of ['0', '51', '4.5', '4e0', '0x4', 'four', ' 4', '9007199254740993', '--1'])
      assert.deepEqual(
        Object.keys(await problemsOf(`${home}?limit=${encodeURIComponent(limit)}`)),
        ['limit'],
        limit,
      );
  });

  test('has a repeated parameter named, and an unknown one beside those that are known', async () => {
    const problems = await problemsOf(`${home}?limit=4&limit=5&user=1`);
    assert.deepEqual(problems['limit'], { expected: 'one value', got: '2 values' });
    assert.match(problems['user']?.expected ?? '', /userId.*limit/);
  });

  test('has names of the language itself refused like any other', async () => {
    for (const name of ['__proto__', 'constructor', 'toString'])
      assert.deepEqual(Object.keys(await problemsOf(`${home}?${name}=1`)), [name]);
  });

  test('has a missing parameter named', async () => {
    const problems = await problemsOf('/api/v1/queries/bare');
    assert.deepEqual(problems['key'], { expected: 'text', got: 'nothing' });
  });

  test('has every type checked', async () => {
    const problems = await problemsOf(
      '/api/v1/queries/typed?whole=1.5&number=much&choice=up&flag=yes&day=2026-02-30&list=1&list=x',
    );
    assert.deepEqual(Object.keys(problems).sort(), [
      'choice',
      'day',
      'flag',
      'list',
      'number',
      'whole',
    ]);
  });

  test('has every header named that says nothing', async () => {
    const answer = await stack.get(home, {
      'Request-Timeout': 'soon',
      'Cache-Control': 'max-age=old, max-stale=-1',
    });
    assertProblem(answer, 'invalid-header');
    assert.deepEqual(
      answer.body.problems.map(({ header, got }: Record<string, string>) => `${header}: ${got}`),
      ['Request-Timeout: soon', 'Cache-Control: max-age=old', 'Cache-Control: max-stale=-1'],
    );
  });

  test('has its route or method named', async () => {
    for (const path of [
      '/',
      '/api/v1',
      '/api/v1/queries/none',
      '/api/v1/queries/%E0%A4%A',
      '/api/v1/../etc',
    ])
      assertProblem(await stack.get(path), 'not-found');
    for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
      const response = await fetch(`${stack.addresses.gateway}${home}`, { method });
      const text = await response.text();
      const { status, headers } = response;
      assertProblem({ status, headers, text, body: JSON.parse(text) }, 'method-not-allowed');
      assert.equal(headers.get('allow'), 'GET, HEAD');
    }
  });

  test('has its size named when it is too large to be read, and its form when it is no HTTP', async () => {
    const { status, body } = await stack.get(`${home}?limit=${'4'.repeat(20_000)}`);
    assert.deepEqual([status, body.code], [431, 'request-too-large']);
    const { hostname, port } = new URL(stack.addresses.gateway);
    const socket = connect(Number(port), hostname);
    socket.end('nonsense\r\n\r\n');
    const answer = await readText(socket);
    assert.match(answer, /^HTTP\/1\.1 400 /);
    assert.match(answer, /"code":"malformed-request"/);
  });

  test('keeps its own id where it has a plain one, and gets one where not', async () => {
    const named = await stack.get('/none', { 'X-Request-Id': 'abc-1.2:3' });
    assert.equal(named.body.requestId, 'abc-1.2:3');
    const strange = await stack.get('/none', { 'X-Request-Id': '<script>' });
    assert.match(strange.body.requestId, /^[\w-]{12}\.\d+$/);
  });

  test('has cost the warehouse nothing', async () => {
    assert.deepEqual(await stack.jobs(), []);
  });
});
