import type { CauseSignal, Target } from '@gridworks/contracts';
import { type NatsAddress, probeNats } from './nats-probe.ts';
import { probePostgres } from './postgres-probe.ts';
import { type ProbeResult, unknown } from './probe.ts';
import { probeDisk } from './probe-disk.ts';
import { probeService, type ServiceProbes } from './probe-service.ts';
import { probeRedis } from './redis-probe.ts';

/** How long one probe may take, in milliseconds: a frozen process does not respond at all. */
export const PROBE_TIMEOUT_MS = 800;

/** The addresses of the servers. A server without an address cannot be verified. */
export interface ServerAddresses {
  readonly nats: NatsAddress;
  readonly postgres: string | undefined;
  readonly redis: string | undefined;
}

export interface Prober {
  /** `signal`: what is to be disproved; a disk is measured, everything else is asked in its own protocol. */
  probe(target: Target, signal?: CauseSignal): Promise<ProbeResult>;
}

/** Probes a process in its own protocol. Never throws: an error is `unknown`. */
export class ProtocolProber implements Prober {
  constructor(
    private readonly servers: ServerAddresses,
    private readonly services: ServiceProbes,
    /** The folders whose disks the healer measures itself. */
    private readonly diskFolders: readonly string[] = [process.cwd()],
  ) {}

  async probe(target: Target, signal?: CauseSignal): Promise<ProbeResult> {
    try {
      if (signal === 'disk.filling') return await probeDisk(this.diskFolders);
      if (target.kind === 'service') return await probeService(this.services, target, PROBE_TIMEOUT_MS);
      const { nats, postgres, redis } = this.servers;
      if (target.name === 'nats') return await this.#nats(nats);
      if (target.name === 'postgres' && postgres) return await probePostgres(postgres, PROBE_TIMEOUT_MS);
      if (target.name === 'redis' && redis) return await probeRedis(redis, PROBE_TIMEOUT_MS);
      return unknown(`the address of ${target.name} is not known`);
    } catch (error) {
      return unknown(`${target.process} could not be probed: ${(error as Error).message}`);
    }
  }

  async #nats(address: NatsAddress): Promise<ProbeResult> {
    const result = await probeNats(address, PROBE_TIMEOUT_MS);
    if (result.status !== 'good' || this.services.busIsUp()) return result;
    return unknown('NATS responds, and the connection of the healer is not back yet');
  }
}
