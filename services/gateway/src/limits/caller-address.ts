import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';
import { NetworkList } from '../credentials/network-list.ts';

/** The network address that a request is counted for. */
export type AddressReader = (request: Pick<FastifyRequest, 'ip' | 'raw'>) => string;

/**
 * Returns a function that reads the caller's address. Without proxies the address is the other end of the
 * connection, and `X-Forwarded-For` is ignored: any caller may write it. Behind a trusted proxy the address is
 * the last one in that header that is not a trusted proxy's, since each proxy appends its client's address. An
 * entry that is not an address ends the search.
 * @param trusted addresses and CIDR ranges of proxies
 */
export function readAddressBehind(trusted: readonly string[]): AddressReader {
  if (trusted.length === 0) return (request) => request.ip;
  const isProxy = trustedProxies(trusted);
  return (request) => {
    let address = request.ip;
    if (!isProxy(address)) return address;
    const hops = String(request.raw.headers['x-forwarded-for'] ?? '').split(',');
    for (const hop of hops.reverse()) {
      const text = hop.trim();
      // A zone (`%eth0`) is meaningless outside of the proxy's own host.
      if (isIP(text) === 0 || text.includes('%')) break;
      address = text;
      if (!isProxy(address)) break;
    }
    return address;
  };
}

/**
 * Returns a function that says whether an address is a trusted proxy's.
 * @param trusted addresses and CIDR ranges of proxies
 */
export function trustedProxies(trusted: readonly string[]): (address: string) => boolean {
  const proxies = new NetworkList(trusted);
  return (address) => proxies.has(address);
}
