import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ERROR_CODES, isCode } from '../../shared/error-codes.ts';

describe('the error codes', () => {
  test('are told from any other text, also from what every object has', () => {
    for (const code of Object.keys(ERROR_CODES)) assert.equal(isCode(code), true);
    for (const text of ['', 'Timeout', 'toString', '__proto__', 'constructor', 7, null, undefined])
      assert.equal(isCode(text), false);
  });

  test('are 4xx and never worth a retry where the caller is at fault, 5xx otherwise', () => {
    for (const [code, { status, fault, retryable }] of Object.entries(ERROR_CODES)) {
      assert.equal(status < 500, fault === 'caller', code);
      if (fault === 'caller') assert.equal(retryable, false, code);
    }
  });
});
