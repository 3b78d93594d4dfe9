import { describe, expect, it } from '@jest/globals';
import { smtpFailure, wasRefused } from './smtp-failure.ts';

const failure = (fields: object, mayBeTaken = false) =>
  smtpFailure(Object.assign(new Error('x'), fields), mayBeTaken).code.replace('NOTIFICATIONS.', '');

describe('smtpFailure', () => {
  it.each([
    ['421 closing', { responseCode: 421 }, 'DEFERRED'],
    ['450 mailbox busy', { responseCode: 450, code: 'EENVELOPE' }, 'DEFERRED'],
    ['452 no space', { responseCode: 452, code: 'EMESSAGE' }, 'DEFERRED'],
    ['454 login not now', { responseCode: 454, code: 'EAUTH' }, 'DEFERRED'],
    ['503 wrong state of the session', { responseCode: 503 }, 'DEFERRED'],
    ['535 wrong password', { responseCode: 535, code: 'EAUTH' }, 'REFUSED'],
    ['550 no such mailbox', { responseCode: 550, code: 'EENVELOPE' }, 'REFUSED'],
    ['554 rejected', { responseCode: 554, code: 'EMESSAGE' }, 'REFUSED'],
    ['no valid recipient', { code: 'EENVELOPE' }, 'REFUSED'],
    ['untrusted certificate', { code: 'ETLS' }, 'REFUSED'],
    ['nobody listens', { code: 'ESOCKET' }, 'DEFERRED'],
    ['no such host', { code: 'EDNS' }, 'DEFERRED'],
    ['timed out', { code: 'ETIMEDOUT' }, 'DEFERRED'],
  ])('%s', (_what, fields, expected) => {
    expect(failure(fields)).toBe(expected);
  });

  it('is uncertain about a message that was handed over before the connection broke', () => {
    expect(failure({ code: 'ETIMEDOUT' }, true)).toBe('UNCERTAIN');
    expect(failure({ code: 'ECONNECTION' }, true)).toBe('UNCERTAIN');
    // The error of the first attempt does not matter when a later attempt handed the message over.
    expect(failure({ code: 'EENVELOPE', responseCode: 450 }, true)).toBe('UNCERTAIN');
  });

  it('trusts a server that reports a refusal', () => {
    expect(wasRefused(Object.assign(new Error('no'), { responseCode: 451 }))).toBe(true);
    expect(wasRefused(Object.assign(new Error('gone'), { code: 'ECONNECTION' }))).toBe(false);
    expect(wasRefused('no')).toBe(false);
  });

  it('shows no password', () => {
    expect(smtpFailure(new Error('smtp://portal:hunter2@mail failed'), false).message).not.toContain(
      'hunter2',
    );
  });
});
