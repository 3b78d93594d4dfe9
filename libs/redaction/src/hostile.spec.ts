import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SECRETS } from '../test/corpus.ts';
import { redact } from './redact.ts';
import { redactJson } from './redact-json.ts';
import { applyRules } from './redact-text.ts';

const MEGABYTE = 1_048_576;
const fill = (part: string, length = MEGABYTE) =>
  part.repeat(Math.ceil(length / part.length)).slice(0, length);

/** Long enough that a quadratic pattern needs minutes for one text. */
const HOSTILE_LENGTH = MEGABYTE / 4;

/** Texts that make a careless pattern restart at every character: one or more for each rule. */
const PARTS = [
  ...[
    'a',
    '4',
    ' ',
    '\n',
    '"',
    "'",
    '\\',
    '\\"',
    '"\\',
    '-',
    '--',
    '-----',
    '@',
    '=',
    ':',
    '.',
    '<',
    '>',
    '{',
    '[',
    '$',
    '+',
  ],
  ...['1 ', '1-', '42 42 ', '4242-', '+1', '+1 ', '555-', '555-010-', '(555) ', '1.', '1.1 '],
  ...['a@', 'a.', '@a.', 'a@a.', 'a@b.c', 'é@', 'a-', 'a_', '_', 'a=', 'a:', 'a: ', '"a":', '"a",', 'a\\'],
  ...[
    'eyJ',
    'eyJa.',
    'eyJaaaa.',
    'eyJaaaa.aaaa',
    '-eyJ',
    'pp_live_',
    'ses_',
    'ses_aaaa',
    'sk-',
    'sk-a',
    'SG.',
    'hvs.',
    'key-',
  ],
  ...[
    '://',
    'a://',
    'postgres://',
    'postgres://a:',
    'a://a:b@',
    'a://a:1@',
    'jdbc:oracle:thin:',
    'jdbc:oracle:a:b/',
  ],
  ...[
    '-----BEGIN ',
    '-----BEGIN PRIVATE KEY',
    '-----BEGIN PRIVATE KEY-----',
    '-----BEGIN PRIVATE KEY-----\n-',
    '-----END ',
  ],
  ...[
    'SU',
    'SUA',
    'SK',
    'AKIA',
    'S',
    'Q~',
    '8Q~',
    'JQQJ99',
    'AZDO',
    '==',
    '.atlasv1.',
    '-us1',
    ':AA',
    '1:AA',
  ],
  ...['bearer ', 'bearer  ', 'basic a', 'token ', 'token a', 'Bearer Bearer', 'negotiate%20'],
  ...[
    'password',
    'password=',
    'password="',
    "password='",
    'password:',
    'password: ',
    'password=\\"',
    '"password":"',
    '"password":"\\',
    '\\"password\\":\\"',
  ],
  ...[
    'password=,',
    'password=a,',
    'password=a,b',
    'password=)',
    'password=<',
    'password=<a',
    'password={',
    '"password":{',
    '"password":["',
    '"token":{"a":',
  ],
  ...['\npassword: a', 'password a', 'API key: ', 'key ', 'token,', '"token","', '"token", "a":'],
  ...[
    'cookie',
    'cookie:',
    'cookie: a',
    "'cookie: a",
    'set-cookie',
    'authorization:"',
    'authorization:\n',
    'x-api-key=\\"',
  ],
  ...[
    '--password',
    '--password ',
    '--a ',
    '-u ',
    '-u a:',
    'sshpass -p',
    "password '",
    'login a password ',
    'identified by ',
  ],
  ...[
    '<password>',
    '<password',
    '<password a',
    '<a>',
    '</a>',
    '?code=',
    '&sig=',
    '?key=aaaaaaa',
    '"name":"token","value":',
  ],
  ...['$2b$', '$argon2id$', 'SCRAM-SHA-256$', 'hooks.slack.com/services/'],
];

// Each test ends in well under a second. A quadratic pattern takes minutes, and exceeds the time limit of the
// test.
describe('a long hostile text', () => {
  it.each(PARTS)('is read in linear time: %j', (part) => {
    const long = fill(part, HOSTILE_LENGTH);
    for (const text of [long, `password=${long}`, `"token":"${long}`, `${long}\u0000`])
      expect(typeof applyRules(text)).toBe('string');
  });

  it('is read in linear time in any mixture', () => {
    const part = fc.oneof(
      fc.constantFrom(...PARTS),
      fc.constantFrom(...SECRETS.map(({ text }) => text)),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const text = fill(parts.join('') || 'a', MEGABYTE / 8);
        expect(typeof applyRules(text)).toBe('string');
        redactJson(text);
        redactJson(JSON.stringify({ text }));
      }),
      { numRuns: 40 },
    );
  });

  it('is survived as JSON: deep, wide, cut', () => {
    for (const line of [
      fill('{"token":'),
      fill('[', 100_000) + fill(']', 100_000),
      `{"token":${fill('[', 50_000)}${fill(']', 50_000)}}`,
      `{${fill('"password":1,')}"a":1}`,
    ])
      expect(typeof redactJson(line)).toBe('string');
    expect(redact({ password: fill('a') })).toEqual({ password: '[redacted]' });
  });
});
