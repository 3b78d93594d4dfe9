import { lookup as resolve } from 'node:dns';
import { BlockList, isIP } from 'node:net';

/** Networks that are not the public internet (IANA special-purpose registries, RFC 6890). */
const SPECIAL: readonly (readonly [string, number, 'ipv4' | 'ipv6'])[] = [
  ['0.0.0.0', 8, 'ipv4'],
  ['10.0.0.0', 8, 'ipv4'],
  ['100.64.0.0', 10, 'ipv4'],
  ['127.0.0.0', 8, 'ipv4'],
  ['169.254.0.0', 16, 'ipv4'],
  ['172.16.0.0', 12, 'ipv4'],
  ['192.0.0.0', 24, 'ipv4'],
  ['192.0.2.0', 24, 'ipv4'],
  ['192.168.0.0', 16, 'ipv4'],
  ['198.18.0.0', 15, 'ipv4'],
  ['198.51.100.0', 24, 'ipv4'],
  ['203.0.113.0', 24, 'ipv4'],
  ['224.0.0.0', 4, 'ipv4'],
  ['240.0.0.0', 4, 'ipv4'],
  ['::', 127, 'ipv6'],
  ['64:ff9b::', 96, 'ipv6'],
  ['100::', 64, 'ipv6'],
  ['2001::', 23, 'ipv6'],
  ['2001:db8::', 32, 'ipv6'],
  ['2002::', 16, 'ipv6'],
  ['fc00::', 7, 'ipv6'],
  ['fe80::', 10, 'ipv6'],
  ['ff00::', 8, 'ipv6'],
];
const special = new BlockList();
for (const [network, bits, family] of SPECIAL) special.addSubnet(network, bits, family);

/** Whether an address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  // An IPv4 address in the clothes of an IPv6 one is checked by the rules of IPv4.
  return family !== 0 && !special.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** A partner named an address that is not in the public internet. */
export class PrivateAddressError extends Error {
  override readonly name = 'PrivateAddressError';
  readonly code = 'PRIVATE_ADDRESS';
}

const MOST_BYTES = 1 << 20;

/**
 * A `fetch` for addresses that a partner has typed in: it connects to the public internet only. The address is checked after the
 * name was resolved, by the connection itself, so that a name that changes in between gains nothing. Redirects are not followed by the
 * client of OpenID Connect.
 */
export async function guardedFetch(url: string, init: RequestInit): Promise<Response> {
  const { Agent, fetch: fetchWith } = await import('undici');
  const { hostname } = new URL(url);
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !isPublicAddress(literal)) throw new PrivateAddressError('no public address');
  dispatcher ??= new Agent({
    maxResponseSize: MOST_BYTES,
    connect: {
      lookup: (host, options, done) =>
        resolve(host, { ...options, all: true }, (error, addresses) => {
          const refused = addresses?.some(({ address }) => !isPublicAddress(address));
          if (error || refused) done(error ?? new PrivateAddressError('no public address'), []);
          else if (options.all) done(null, addresses);
          else done(null, addresses[0]?.address ?? '', addresses[0]?.family ?? 4);
        }),
    },
  });
  const response = await fetchWith(url, { ...(init as object), dispatcher });
  return response as unknown as Response;
}

let dispatcher: import('undici').Agent | undefined;
