import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const file = join(import.meta.dirname, '..', '..', '..', 'infra', 'docker', 'docker-proxy.cfg');

/**
 * Reads the rules of the proxy that compose puts in front of the Docker Engine. Returns whether a call passes
 * them.
 */
export function readDockerProxy(): (method: string, path: string) => boolean {
  const rules = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('http-request '));
  if (rules.pop() !== 'http-request deny') throw new Error('the door does not end with a refusal');
  const allowed = rules.map((rule) => {
    const [, method, kind, pattern, query] =
      /^http-request allow if METH_(GET|POST) \{ path( -m reg)? (\S+) \}(?: \{ query -m str (\S+) \})?$/.exec(
        rule,
      ) ?? [];
    if (!method || !pattern) throw new Error(`a rule of the door that the spec cannot read: ${rule}`);
    return {
      method,
      query,
      fits: kind ? (path: string) => new RegExp(pattern).test(path) : (path: string) => path === pattern,
    };
  });
  return (method, address) => {
    const [path = '', query = ''] = address.split('?');
    return allowed.some(
      (rule) => rule.method === method && rule.fits(path) && (rule.query ?? query) === query,
    );
  };
}
