import { isIPv4 } from 'node:net';
import { clientNetwork } from '@gridworks/runtime';

/**
 * Enough of an address for its owner to know it again, and not the whole of it: the /24 of an IPv4 address, the /48 of an
 * IPv6 one. Null for other text.
 */
export function coarseNetwork(ip: string): string | null {
  const network = clientNetwork(ip);
  if (isIPv4(network)) return network.replace(/\.\d+$/, '.0/24');
  const groups = /^([0-9a-f]+:[0-9a-f]+:[0-9a-f]+):[0-9a-f]+::\/64$/.exec(network)?.[1];
  return groups === undefined ? null : `${groups}::/48`;
}
