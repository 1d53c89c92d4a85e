import { UnsupportedSql } from '../sql-error.ts';
import {
  type Call,
  type CallRule,
  macro,
  macros,
  native,
  refused,
  renamed,
  value,
  values,
} from './call.ts';
import { formatText } from './format.ts';

/** Strings, bytes, regular expressions and hashes. */
export const stringCalls: Readonly<Record<string, CallRule>> = {
  ...native('UPPER LOWER REPLACE STARTS_WITH TRANSLATE STRPOS ASCII CHR UNICODE'),
  ...renamed({ ENDS_WITH: 'suffix', EDIT_DISTANCE: 'levenshtein', GENERATE_UUID: 'uuid' }),
  ...macros(
    'LENGTH CHAR_LENGTH CHARACTER_LENGTH BYTE_LENGTH OCTET_LENGTH SUBSTR SUBSTRING LEFT RIGHT TRIM LTRIM RTRIM REVERSE REPEAT INITCAP INSTR SPLIT CONTAINS_SUBSTR REGEXP_CONTAINS REGEXP_EXTRACT REGEXP_SUBSTR REGEXP_EXTRACT_ALL REGEXP_REPLACE MD5 SHA1 SHA256 TO_HEX FROM_HEX TO_BASE64 FROM_BASE64 TO_CODE_POINTS CODE_POINTS_TO_STRING SAFE_CONVERT_BYTES_TO_STRING',
  ),
  ...refused(
    'FARM_FINGERPRINT SHA512 SOUNDEX REGEXP_INSTR COLLATE TO_BASE32 FROM_BASE32 CODE_POINTS_TO_BYTES',
  ),
  LPAD: pad,
  RPAD: pad,
  CONCAT: (call) => `(${values(call).join(' || ')})`,
  NORMALIZE: normalize,
  NORMALIZE_AND_CASEFOLD: (call) => `lower(${normalize(call)})`,
  FORMAT: formatText,
};

function pad(call: Call): string {
  const fill = call.arguments.length > 2 ? value(call, 2) : "' '";
  return macro(call.name.toLowerCase(), [value(call, 0), value(call, 1), fill]);
}

function normalize(call: Call): string {
  const [, form] = call.arguments;
  const name = form ? call.sql.source(form).toUpperCase() : 'NFC';
  if (name !== 'NFC') throw new UnsupportedSql(`${call.name} in the form ${name}`);
  return `nfc_normalize(${value(call, 0)})`;
}
