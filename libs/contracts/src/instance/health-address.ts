import type { Pulse } from './pulse.ts';

const LOOPBACK = /^(?:127(?:\.\d{1,3}){3}|\[::1\]|localhost)$/;

/**
 * Where a path of an instance's health port is asked. A pulse says the port and whether it is on this very machine;
 * any other host that it names is replaced by the name of its service, which the container network resolves. So no
 * pulse makes anybody ask a foreign address. Null when the address cannot be read.
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
