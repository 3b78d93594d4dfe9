import { describe, expect, it } from '@jest/globals';
import { coarseNetwork } from './coarse-network.ts';

describe('coarseNetwork', () => {
  it.each([
    ['198.51.100.17', '198.51.100.0/24'],
    ['::ffff:198.51.100.17', '198.51.100.0/24'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['somewhere', null],
    ['', null],
  ])('of %j is %j', (ip, network) => expect(coarseNetwork(ip)).toBe(network));
});
