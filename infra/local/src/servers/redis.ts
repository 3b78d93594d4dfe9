import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { REDIS_SERVICES, redisUserLine } from '../../../redis/redis-users.ts';
import { writeFileAtomic } from '../files/write-file.ts';
import { probeRedis } from '../supervise/probes.ts';
import type { ProcessSpec } from '../supervise/process-spec.ts';
import { removeContainer } from './remove-container.ts';
import { dockerCommand, type ServerContext, serverEnvironment } from './server-context.ts';

/**
 * The Redis server: only caches, sessions and limits, so losing the last second in a power cut is acceptable.
 */
export function redisSpec(context: ServerContext): ProcessSpec {
  const { layout, port, secrets, source } = context;
  const config = join(layout.run, 'redis.conf');
  const inside = source.kind === 'docker';
  return {
    name: 'redis',
    kind: 'server',
    service: null,
    ports: [port],
    prepare: async () => {
      mkdirSync(layout.data.redis, { recursive: true });
      // A file instead of arguments, which `ps` shows to every user.
      const lines = [
        `bind ${inside ? '0.0.0.0' : '127.0.0.1'}`,
        `port ${inside ? 6379 : port}`,
        `dir ${JSON.stringify(inside ? '/data' : layout.data.redis)}`,
        `requirepass ${secrets.redis_password}`,
        ...REDIS_SERVICES.map((service) => redisUserLine(service, secrets.redis_passwords[service])),
        'appendonly yes',
        'appendfsync everysec',
        'save ""',
        'maxmemory 128mb',
        'maxmemory-policy volatile-lru',
        // Its title would overwrite the environment, by which leftover processes are found.
        'set-proc-title no',
      ];
      writeFileAtomic(config, `${lines.join('\n')}\n`, { mode: 0o600 });
      await removeContainer(context, 'redis');
    },
    command: () =>
      source.kind === 'program'
        ? { file: source.file, args: [config], env: serverEnvironment(), cwd: layout.root }
        : dockerCommand(context, {
            server: 'redis',
            innerPort: 6379,
            config,
            data: layout.data.redis,
            args: ['redis-server', '/etc/gridworks.conf'],
          }),
    probe: (signal) => probeRedis(port, secrets.redis_password, signal),
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 10_000,
    stopRank: 3,
  };
}
