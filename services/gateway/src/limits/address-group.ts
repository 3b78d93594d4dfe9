import { isIPv6 } from 'node:net';

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/**
 * Who is counted for a network address: an IPv4 address itself, an IPv6 address by its first 64 bits, since one
 * customer has all of the rest and could call from another one each time.
 */
export function addressGroup(address: string): string {
  const inner = mapped.exec(address)?.[1];
  if (inner) return inner;
  if (!isIPv6(address)) return address;
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    // An IPv4 tail stands for two groups.
    const length = before.length + after.length + (tail.includes('.') ? 1 : 0);
    before.push(...Array<string>(Math.max(0, 8 - length)).fill('0'), ...after);
  }
  const groups = before.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16));
  return `${groups.join(':')}::/64`;
}
