import { gives, type Topic, yields } from '../corpus-case.ts';

export const strings: Topic = {
  title: 'Strings and bytes',
  cases: [
    yields(
      'literals',
      String.raw`SELECT 'it\'s', "a'b", r'\d', '''x"y''', 'tab\t|', '\u00e9\x41', 'a\\b'`,
      ["it's", "a'b", String.raw`\d`, 'x"y', 'tab\t|', 'éA', String.raw`a\b`],
    ),
    yields('CONCAT and ||', "SELECT CONCAT('a', 'b', 'c'), 'a' || 'b', CONCAT('a', NULL)", [
      'abc',
      'ab',
      null,
    ]),
    yields(
      'LENGTH, CHAR_LENGTH, BYTE_LENGTH',
      "SELECT LENGTH('héé'), CHAR_LENGTH('héé'), BYTE_LENGTH('héé'), LENGTH(b'abc')",
      [3, 3, 5, 3],
    ),
    yields(
      'UPPER, LOWER, INITCAP, REVERSE, REPEAT',
      "SELECT UPPER('aé'), LOWER('ABC'), INITCAP('hello wORLD-x'), REVERSE('abc'), REPEAT('ab', 3)",
      ['AÉ', 'abc', 'Hello World-X', 'cba', 'ababab'],
    ),
    yields(
      'TRIM, LTRIM, RTRIM',
      String.raw`SELECT TRIM('  a\n'), LTRIM('  a '), RTRIM('  a '), TRIM('xxaxx', 'x'), LTRIM('xya', 'xy')`,
      ['a', 'a ', '  a', 'a', 'a'],
    ),
    yields(
      'SUBSTR',
      "SELECT SUBSTR('apple', 2), SUBSTR('apple', 2, 2), SUBSTR('apple', -2), SUBSTR('apple', 1, 123), SUBSTR('apple', 123), SUBSTR('apple', -4, 2), SUBSTR('apple', 0, 2)",
      ['pple', 'pp', 'le', 'apple', '', 'pp', 'ap'],
    ),
    yields('LEFT, RIGHT', "SELECT LEFT('apple', 2), RIGHT('apple', 2), LEFT('ab', 9)", [
      'ap',
      'le',
      'ab',
    ]),
    yields(
      'LPAD, RPAD',
      "SELECT LPAD('7', 3, '0'), LPAD('a', 3), RPAD('a', 3, '-'), LPAD('abcd', 2)",
      ['007', '  a', 'a--', 'ab'],
    ),
    yields(
      'STRPOS, INSTR',
      "SELECT STRPOS('hello', 'l'), STRPOS('hello', 'z'), INSTR('banana', 'an', 3)",
      [3, 0, 4],
    ),
    yields(
      'STARTS_WITH, ENDS_WITH, CONTAINS_SUBSTR',
      "SELECT STARTS_WITH('abc', 'ab'), ENDS_WITH('abc', 'bc'), CONTAINS_SUBSTR('The Blue House', 'blue')",
      [true, true, true],
    ),
    yields(
      'REPLACE, TRANSLATE',
      "SELECT REPLACE('banana', 'an', 'x'), TRANSLATE('abcd', 'bd', 'x')",
      ['bxxa', 'axc'],
    ),
    yields('SPLIT', "SELECT SPLIT('a,b,,c'), SPLIT('a-b', '-')[OFFSET(1)], SPLIT('', ',')", [
      ['a', 'b', '', 'c'],
      'b',
      [''],
    ]),
    yields(
      'REGEXP_CONTAINS finds a part',
      "SELECT REGEXP_CONTAINS('foobar', r'oba'), REGEXP_CONTAINS('foobar', r'^oba')",
      [true, false],
    ),
    yields(
      'REGEXP_EXTRACT',
      String.raw`SELECT REGEXP_EXTRACT('foo123bar', r'\d+'), REGEXP_EXTRACT('foo123bar', r'o(\d+)b'), REGEXP_EXTRACT('foo', r'\d+'), REGEXP_EXTRACT('a.b', r'(?:a)\.')`,
      ['123', '123', null, 'a.'],
    ),
    yields(
      'REGEXP_EXTRACT_ALL',
      String.raw`SELECT REGEXP_EXTRACT_ALL('a1b22', r'\d+'), REGEXP_EXTRACT_ALL('a1b22', r'([a-z])\d')`,
      [
        ['1', '22'],
        ['a', 'b'],
      ],
    ),
    yields(
      'REGEXP_REPLACE',
      String.raw`SELECT REGEXP_REPLACE('a1b2', r'\d', '#'), REGEXP_REPLACE('john smith', r'(\w+) (\w+)', r'\2 \1')`,
      ['a#b#', 'smith john'],
    ),
    yields(
      'FORMAT',
      "SELECT FORMAT('%s-%d', 'a', 5), FORMAT('%.2f', 3.14159), FORMAT('%05d|%-4s|%5s', 42, 'a', 'b'), FORMAT('%d%%', 7), FORMAT('%t', DATE '2024-01-01'), FORMAT(\"%'d\", 1234567)",
      ['a-5', '3.14', '00042|a   |    b', '7%', '2024-01-01', '1,234,567'],
    ),
    yields(
      'NORMALIZE',
      String.raw`SELECT NORMALIZE('e\u0301') = '\u00e9', NORMALIZE_AND_CASEFOLD('ABC')`,
      [true, 'abc'],
    ),
    yields(
      'ASCII, CHR, UNICODE, TO_CODE_POINTS, CODE_POINTS_TO_STRING',
      "SELECT ASCII('A'), CHR(233), UNICODE('é'), TO_CODE_POINTS('aé'), CODE_POINTS_TO_STRING([65, 233])",
      [65, 'é', 233, [97, 233], 'Aé'],
    ),
    yields('EDIT_DISTANCE', "SELECT EDIT_DISTANCE('kitten', 'sitting')", [3]),
    yields(
      'TO_HEX, FROM_HEX, TO_BASE64, FROM_BASE64',
      "SELECT TO_HEX(b'abc'), FROM_HEX('616263'), TO_BASE64(b'abc'), FROM_BASE64('YWJj')",
      ['616263', 'YWJj', 'YWJj', 'YWJj'],
    ),
    yields('MD5, SHA1, SHA256', "SELECT TO_HEX(MD5('a')), TO_HEX(SHA1('a')), TO_HEX(SHA256('a'))", [
      '0cc175b9c0f1b6a831c399e269772661',
      '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8',
      'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb',
    ]),
    yields('FARM_FINGERPRINT', "SELECT FARM_FINGERPRINT('')", ['-7286425919675154353'], {
      knownIssue: 'FARM_FINGERPRINT is refused',
    }),
    yields(
      'BYTES and STRING',
      String.raw`SELECT b'\x61bc', CAST('abc' AS BYTES), CAST(b'abc' AS STRING), SAFE_CONVERT_BYTES_TO_STRING(b'abc')`,
      ['YWJj', 'YWJj', 'abc', 'abc'],
    ),
    yields('GENERATE_UUID', 'SELECT LENGTH(GENERATE_UUID())', [36]),
    gives('a BYTES column', 'SELECT bin FROM ds.orders WHERE id = 1', 'bin', [['YWJj']]),
  ],
};
