import { BlockList, isIP } from 'node:net';

/** A set of addresses and CIDR ranges, IPv4 and IPv6. An IPv4 address written as IPv6 (`::ffff:…`) is the same address. */
export class NetworkList {
  readonly #networks = new BlockList();

  /** @param networks addresses and CIDR ranges: `203.0.113.7`, `2001:db8::/32`. */
  constructor(networks: readonly string[]) {
    for (const entry of networks) {
      const [address = '', prefix] = entry.split('/');
      if (prefix === undefined) this.#networks.addAddress(address, familyOf(address));
      else this.#networks.addSubnet(address, Number(prefix), familyOf(address));
    }
  }

  /** False for a text that is no address. */
  has(address: string): boolean {
    return isIP(address) !== 0 && this.#networks.check(address, familyOf(address));
  }
}

const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
