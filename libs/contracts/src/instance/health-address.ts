import type { Pulse } from './pulse.ts';

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)$/;

/**
 * The address of a path at an instance's health port. A pulse names the port and whether it is on this
 * machine; any other host in it is replaced by the name of the service, which the container network resolves.
 * So no pulse can direct a request to a foreign address. Null when the address cannot be parsed.
 */
export function healthAddress(
  { service, health_url }: Pick<Pulse, 'service' | 'health_url'>,
  path: '/livez' | '/readyz',
): string | null {
  if (!URL.canParse(health_url)) return null;
  const { protocol, hostname, port } = new URL(health_url);
  if (protocol !== 'http:') return null;
  return `http://${LOOPBACK.test(hostname) ? hostname : service}:${port || '80'}${path}`;
}
