import { healthAddress, type Target } from '@gridworks/contracts';
import type { InstanceControl } from '../remedies/instance-control.ts';
import { bad, good, type ProbeResult, unknown } from './probe.ts';
import type { PulseRegistry } from './pulse-registry.ts';

export interface ServiceProbes {
  readonly control: InstanceControl;
  readonly pulses: PulseRegistry;
  /** Whether the bus is up: without it a missing response over the bus proves nothing. */
  readonly busIsUp: () => boolean;
}

/**
 * Probes an instance in two independent ways: its control request over the bus, and `/livez` and `/readyz` of
 * the same boot over HTTP. Both must succeed.
 */
export async function probeService(
  { control, pulses, busIsUp }: ServiceProbes,
  target: Target,
  timeoutMs: number,
): Promise<ProbeResult> {
  let boot: string;
  try {
    const response = await control.send('ping', target, timeoutMs);
    if (response.state !== 'ready')
      return bad(`${target.process} reports that it is ${String(response.state)}`);
    boot = String(response.boot_id);
  } catch (error) {
    if (!busIsUp()) return unknown('the bus is away');
    return bad(`${target.process} does not respond over the bus: ${(error as Error).message}`);
  }
  const received = pulses.of(target.process);
  // The instance responds. Its health port is known only from its pulse, which may be a second away.
  if (received?.pulse.boot_id !== boot)
    return unknown(`no pulse yet of the ${target.process} that responded`);
  for (const path of ['/livez', '/readyz'] as const) {
    try {
      const { status } = await fetch(healthAddress(received.pulse, path) ?? '', {
        signal: AbortSignal.timeout(timeoutMs),
        redirect: 'error',
      });
      if (status !== 200) return bad(`${target.process} returned ${status} for ${path}`);
    } catch (error) {
      return bad(`${target.process} does not respond to ${path}: ${(error as Error).message}`);
    }
  }
  return good(`${target.process} responds over the bus and over HTTP`, boot);
}
