import { allowedMs } from '@gridworks/testing/load';
import { describe, expect, it } from '@jest/globals';
import { redactText } from './redact-text.ts';

const CARD = ['4242', '4242', '4242', '4242'].join(' ');

describe('redactText', () => {
  it.each([
    ['password=hunter2 host=db', 'hunter2'],
    ['{"password":"hun\\"ter2","user":"ada"}', 'ter2'],
    ['{\\"apiKey\\":\\"hunter2\\"}', 'hunter2'],
    ["clientSecret: 'hunter 2'", 'hunter'],
    ['mysql --password hunter2 -u root', 'hunter2'],
    ['postgres://app:hunter2@db:5432/portal', 'hunter2'],
    ['redis://:hunter2@cache:6379', 'hunter2'],
    ['https://hunter2hunter2@github.com/a/b', 'hunter2'],
    ['amqp://u:p@ss@hunter2@host/x', 'ss@hunter2'],
    ['Authorization: Bearer abc.def-123', 'abc.def'],
    ['Authorization: Digest username="ada", response="hunter2"', 'hunter2'],
    ['{"authorization":"Basic aHVudGVyMg=="}', 'aHVudGVyMg'],
    ['Cookie: theme=dark; sid=hunter2', 'hunter2'],
    ['set-cookie: sid=hunter2; HttpOnly', 'hunter2'],
    ['sent bearer hunter2hunter2 to it', 'hunter2'],
    [`jwt eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.${'c'.repeat(20)} refused`, 'eyJzdWIiOiIxIn0'],
    [`key pp_live_${'a1'.repeat(15)}`, 'a1a1'],
    [`key pp_test_${'a1'.repeat(15)}`, 'a1a1'],
    [`session ses_${'b2'.repeat(21)}c`, 'b2b2'],
    [`whsec_${'c3'.repeat(16)}`, 'c3c3'],
    [`sk-proj-${'d4'.repeat(16)}`, 'd4d4'],
    [`card ${CARD} declined`, '4242'],
    ['card 4242-4242-4242-4242', '4242'],
    ['no user ada.lovelace+x@example.co.uk here', 'lovelace'],
    ['sms to +1 (555) 010-9999 failed', '010-9999'],
    ['sms to +4915112345678', '1511234'],
    ['call 555-010-9999', '010-9999'],
    ['-----BEGIN RSA PRIVATE KEY-----\nMIIhunter2\n-----END RSA PRIVATE KEY-----', 'hunter2'],
    ['-----BEGIN PRIVATE KEY-----\nMIIhunter2 cut', 'hunter2'],
  ])('hides the secret of %s', (text, secret) => {
    expect(text).toContain(secret);
    expect(redactText(text)).not.toContain(secret);
  });

  it.each([
    'connect ECONNREFUSED 10.0.0.1:5432',
    'duplicate key value violates unique constraint "users_pkey"',
    'at Client.query (/srv/node_modules/pg/lib/client.js:210:17)',
    'GET https://api.example.org:443/@scope/pkg failed with status code 503',
    'usage ses_01HZY2 and order 1700000000000 took 12 ms',
    'graphql@4.3.3_@apollo+gateway@2.7.1',
    'Unexpected token < in JSON at position 0',
    '2026-05-01T10:00:00.000Z 019f68a5-3f34-4ced-97a9-42f7026ff744',
  ])('leaves %s unchanged', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it('keeps the text around a secret', () => {
    expect(redactText('connect to postgres://app:x9@db:5432/portal failed')).toBe(
      'connect to postgres://app:[redacted]@db:5432/portal failed',
    );
  });

  it('takes linear time on hostile text', () => {
    const hostile = [
      'a'.repeat(200_000),
      'password'.repeat(25_000),
      'password="'.repeat(20_000),
      '\\"'.repeat(100_000),
      'a@'.repeat(100_000),
      'a.'.repeat(100_000),
      '://'.repeat(60_000),
      '1 '.repeat(100_000),
      '4'.repeat(200_000),
      '-----BEGIN PRIVATE KEY-----'.repeat(7_000),
      'eyJaaaa.'.repeat(25_000),
      'cookie:'.repeat(25_000),
      `${'x'.repeat(100_000)}@${'y'.repeat(100_000)}`,
    ];
    for (const text of hostile) {
      const startedAt = performance.now();
      redactText(text);
      expect(performance.now() - startedAt).toBeLessThan(allowedMs(1_500));
    }
  });
});
