import { isIPv4 } from 'node:net';
import { clientNetwork } from './client-network.ts';

/**
 * The part of an address that its owner recognises without storing the whole: the /24 of an IPv4 address, the
 * /48 of an IPv6 address. Null for other text.
 */
export function coarseNetwork(ip: string): string | null {
  const network = clientNetwork(ip);
  if (isIPv4(network)) return network.replace(/\.\d+$/, '.0/24');
  const groups = /^([0-9a-f]+:[0-9a-f]+:[0-9a-f]+):[0-9a-f]+::\/64$/.exec(network)?.[1];
  return groups === undefined ? null : `${groups}::/48`;
}
