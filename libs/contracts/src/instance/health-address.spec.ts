import { describe, expect, it } from '@jest/globals';
import { healthAddress } from './health-address.ts';

const addressOf = (health_url: string) => healthAddress({ service: 'billing', health_url }, '/livez');

describe('healthAddress', () => {
  it.each([
    ['http://127.0.0.1:41234', 'http://127.0.0.1:41234/livez'],
    ['http://[::1]:41234/any?x#y', 'http://[::1]:41234/livez'],
    ['http://localhost:41234', 'http://localhost:41234/livez'],
  ])('keeps the loopback address %s', (url, expected) => {
    expect(addressOf(url)).toBe(expected);
  });

  it.each([
    ['http://3f2a9c:9090', 'http://billing:9090/livez'],
    ['http://169.254.169.254/latest', 'http://billing:80/livez'],
    ['http://user:password@example.com:81/x', 'http://billing:81/livez'],
    ['http://127.0.0.1.example.com:81', 'http://billing:81/livez'],
    ['http://2130706433:81', 'http://127.0.0.1:81/livez'],
  ])('uses the host of the service instead of %s', (url, expected) => {
    expect(addressOf(url)).toBe(expected);
  });

  it.each(['https://127.0.0.1:1', 'file:///etc/passwd', 'not an address', ''])(
    'returns no address for %j',
    (url) => {
      expect(addressOf(url)).toBeNull();
    },
  );
});
