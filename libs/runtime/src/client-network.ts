import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * The network that a caller's address is counted for: an IPv4 address itself, an IPv6 address by its first 64
 * bits, since one customer owns all of the rest and could use another address for each call. An IPv4 address
 * within an IPv6 one (`::ffff:192.0.2.7`, in any notation) is that IPv4 address, and a zone (`%eth0`) is
 * ignored. Returns `192.0.2.7` or `2001:db8:1:2::/64`; a text that is no address is returned unchanged.
 */
export function clientNetwork(address: string): string {
  if (isIP(address) !== 6) return address;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}
