import { describe, expect, it } from '@jest/globals';
import { NetworkList } from './network-list.ts';

describe('a list of networks', () => {
  const list = new NetworkList(['203.0.113.0/24', '198.51.100.7', '2001:db8:1::/48', '2001:db8:2::5']);
  it.each([
    ['203.0.113.0', true],
    ['203.0.113.255', true],
    ['203.0.114.0', false],
    ['198.51.100.7', true],
    ['198.51.100.8', false],
    ['::ffff:203.0.113.9', true],
    ['::ffff:203.0.114.9', false],
    ['2001:db8:1:ffff::1', true],
    ['2001:db8:3::1', false],
    ['2001:db8:2::5', true],
    ['2001:0db8:0002:0:0:0:0:5', true],
    ['2001:db8:2::6', false],
    ['', false],
    ['localhost', false],
  ])('has %s: %s', (address, has) => expect(list.has(address)).toBe(has));

  it('has nothing when it is empty', () => expect(new NetworkList([]).has('203.0.113.1')).toBe(false));
  it('may be everything', () => {
    expect(new NetworkList(['0.0.0.0/0']).has('192.0.2.1')).toBe(true);
    expect(new NetworkList(['::/0']).has('2001:db8::1')).toBe(true);
  });
});
