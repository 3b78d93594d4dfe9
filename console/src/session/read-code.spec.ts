import { recoveryCodeSchema, totpCodeSchema } from '@gridworks/contracts';
import { expect, it } from '@jest/globals';
import { readRecoveryCode, readTotpCode } from './read-code.ts';

it.each([
  ['123456', '123456'],
  [' 123 456 ', '123456'],
  ['123-456', '123456'],
  ['12345', null],
  ['1234567', null],
  ['12345a', null],
  ['', null],
])('reads %j as the code %j', (text, code) => {
  expect(readTotpCode(text)).toBe(code);
  if (code) expect(totpCodeSchema.parse(code)).toBe(code);
});

it.each([
  ['7k2m-9xqd-h4tw-c8rv', '7k2m-9xqd-h4tw-c8rv'],
  ['7K2M 9XQD H4TW C8RV', '7k2m-9xqd-h4tw-c8rv'],
  ['7k2m9xqdh4twc8rv', '7k2m-9xqd-h4tw-c8rv'],
  ['IL2O-9xqd-h4tw-c8rv', '1120-9xqd-h4tw-c8rv'],
  ['7k2m-9xqd-h4tw', null],
  ['', null],
])('reads %j as the recovery code %j', (text, code) => {
  expect(readRecoveryCode(text)).toBe(code);
  if (code) expect(recoveryCodeSchema.parse(code)).toBe(code);
});
