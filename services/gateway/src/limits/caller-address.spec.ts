import { describe, expect, it } from '@jest/globals';
import { type AddressReader, readAddressBehind } from './caller-address.ts';

const request = (ip: string, forwarded?: string) =>
  ({ ip, raw: { headers: { 'x-forwarded-for': forwarded } } }) as unknown as Parameters<AddressReader>[0];

describe("a caller's address", () => {
  it('is the other end of the connection when no proxy is trusted', () => {
    expect(readAddressBehind([])(request('127.0.0.1', '203.0.113.7'))).toBe('127.0.0.1');
  });

  it.each([
    ['one proxy', '127.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['a proxy that IPv6 maps', '::ffff:127.0.0.1', '203.0.113.7', '203.0.113.7'],
    ['an address that the caller made up', '127.0.0.1', '198.51.100.1, 203.0.113.7', '203.0.113.7'],
    ['two proxies', '127.0.0.1', '203.0.113.7, 10.1.2.3', '203.0.113.7'],
    ['an IPv6 caller', 'fd00::1', '2001:db8::7', '2001:db8::7'],
    ['proxies only', '127.0.0.1', '10.1.2.3', '10.1.2.3'],
    ['no header', '127.0.0.1', undefined, '127.0.0.1'],
    ['junk', '127.0.0.1', 'unknown', '127.0.0.1'],
    ['junk before a proxy', '127.0.0.1', 'x, 10.1.2.3', '10.1.2.3'],
    ['a stranger who claims to be another', '198.51.100.9', '203.0.113.7', '198.51.100.9'],
  ])('behind %s', (_, ip, forwarded, address) => {
    const read = readAddressBehind(['127.0.0.1', '10.0.0.0/8', 'fd00::/8']);
    expect(read(request(ip, forwarded))).toBe(address);
  });
});
