import { DockerEngine } from './docker-engine.ts';
import type { HttpAddress } from './http-call.ts';
import { LocalSupervisor } from './local-supervisor.ts';
import type { Platform } from './platform.ts';

export interface PlatformSettings {
  readonly PLATFORM_SOCKET?: string | undefined;
  readonly PLATFORM_TOKEN?: string | undefined;
  readonly DOCKER_HOST?: string | undefined;
  readonly HEALER_COMPOSE_PROJECT: string;
}

/** The platform that this healer runs on. Throws when none is configured. */
export function choosePlatform(settings: PlatformSettings): Platform {
  const { PLATFORM_SOCKET, PLATFORM_TOKEN, DOCKER_HOST, HEALER_COMPOSE_PROJECT } = settings;
  if (PLATFORM_SOCKET) {
    if (!PLATFORM_TOKEN) throw new Error('PLATFORM_SOCKET needs PLATFORM_TOKEN');
    return new LocalSupervisor(PLATFORM_SOCKET, PLATFORM_TOKEN);
  }
  if (DOCKER_HOST) return new DockerEngine(dockerAddress(DOCKER_HOST), HEALER_COMPOSE_PROJECT);
  throw new Error(
    'no platform: set PLATFORM_SOCKET and PLATFORM_TOKEN (local supervisor) or DOCKER_HOST (Docker Engine)',
  );
}

/** `unix:///var/run/docker.sock` or `tcp://host:2375`. */
function dockerAddress(url: string): HttpAddress {
  if (url.startsWith('unix://')) return { socketPath: url.slice('unix://'.length) };
  const { hostname, port } = new URL(url);
  return { host: hostname, port: port ? Number(port) : 2375 };
}
