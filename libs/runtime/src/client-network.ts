import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/**
 * Whom a network address is counted for: an IPv4 address itself, an IPv6 address by its first 64 bits, since one
 * customer has all of the rest and could come from another one each time. An IPv4 address within an IPv6 one
 * (`::ffff:192.0.2.7`, however it is written) is that IPv4 address, and a zone (`%eth0`) says nothing.
 * Returns `192.0.2.7` or `2001:db8:1:2::/64`; text that is no address as it is.
 */
export function clientNetwork(address: string): string {
  if (isIP(address) !== 6) return address;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  const network = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${network.join(':')}::/64`;
}
