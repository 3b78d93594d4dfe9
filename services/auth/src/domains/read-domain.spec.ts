import { describe, expect, it } from '@jest/globals';
import { domainOf, readDomain } from './read-domain.ts';

describe('readDomain', () => {
  it.each([
    ['ada-energy.com', 'ada-energy.com'],
    [' Ada-Energy.COM. ', 'ada-energy.com'],
    ['mail.ada-energy.co.uk', 'mail.ada-energy.co.uk'],
    ['bücher.com', 'xn--bcher-kva.com'],
    ['ada.github.io', 'ada.github.io'],
  ])('takes %s', (given, domain) => expect(readDomain(given)).toBe(domain));

  it.each([
    '127.0.0.1',
    '::1',
    '[::1]',
    'ada',
    'https://ada.com',
    'ada@ada.com',
    'a..com',
    '-a.com',
    'ada com',
    '',
  ])('sees that %s is no domain', (given) =>
    expect(() => readDomain(given)).toThrow(
      expect.objectContaining({ code: 'PLATFORM.INVALID_INPUT', problems: [expect.anything()] }),
    ),
  );

  it.each([
    'com',
    'co.uk',
    'github.io',
    'gmail.com',
    'mail.gmail.com',
    'GMX.de',
    'ada.internal',
    'ada.local',
  ])('refuses %s, which nobody owns alone', (given) =>
    expect(() => readDomain(given)).toThrow(
      expect.objectContaining({
        code: given === 'com' ? 'PLATFORM.INVALID_INPUT' : 'AUTH.DOMAIN_REFUSED',
      }),
    ),
  );
});

describe('domainOf', () => {
  it('is what follows the last @', () => expect(domainOf('"a@b"@Ada.com')).toBe('ada.com'));
});
