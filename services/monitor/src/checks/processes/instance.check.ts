import { Bus } from '@gridworks/bus';
import { AppError, healthAddress, instanceRequest, type Pulse } from '@gridworks/contracts';
import { Injectable } from '@nestjs/common';
import type { InstanceProbe } from '../../pulses/tracked-instance.ts';
import { httpStatus } from './http-status.ts';

/** Two probes in a row must fit between the first suspicion and three seconds of silence. */
export const PROBE_TIMEOUT_MS = 500;

/**
 * Probes a silent instance in two independent ways at once: its health port, and a control request over the
 * bus.
 */
@Injectable()
export class InstanceCheck {
  constructor(private readonly bus: Bus) {}

  /** Never throws, and takes no longer than the timeout, in milliseconds. */
  async probe(pulse: Pulse, timeoutMs: number = PROBE_TIMEOUT_MS): Promise<InstanceProbe> {
    const [http, ping] = await Promise.all([this.#http(pulse, timeoutMs), this.#ping(pulse, timeoutMs)]);
    return { http: http.kind, bus: ping.kind, detail: `http: ${http.detail}; bus: ${ping.detail}` };
  }

  async #http(pulse: Pulse, timeoutMs: number): Promise<{ kind: InstanceProbe['http']; detail: string }> {
    const address = healthAddress(pulse, '/livez');
    if (address === null) return { kind: 'error', detail: 'no address of a health port' };
    const outcome = await httpStatus(address, timeoutMs);
    if (outcome.kind !== 'response') return outcome;
    return { kind: outcome.status === 200 ? 'pass' : 'error', detail: `status ${outcome.status}` };
  }

  async #ping(
    { service, instance, boot_id }: Pulse,
    timeoutMs: number,
  ): Promise<{ kind: InstanceProbe['bus']; detail: string }> {
    try {
      const request = instanceRequest(service, 'ping', instance);
      const response = await this.bus.request(request, {}, { deadlineMs: timeoutMs });
      return response.boot_id === boot_id
        ? { kind: 'pass', detail: response.state }
        : { kind: 'error', detail: 'another boot responds' };
    } catch (error) {
      const kind = error instanceof AppError ? error.kind : 'internal';
      const kinds = { deadline_exceeded: 'timeout', unavailable: 'refused' } as const;
      return { kind: kinds[kind as keyof typeof kinds] ?? 'error', detail: (error as Error).message };
    }
  }
}
