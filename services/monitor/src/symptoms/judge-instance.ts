import {
  DEPENDENCIES,
  SERVERS,
  SERVICES,
  type ServiceName,
  type Signal,
  type Symptom,
} from '@gridworks/contracts';
import type { ServerTracker } from '../checks/servers/server-tracker.ts';
import { WINDOW_MS } from '../pulses/processor-use.ts';
import type { TrackedInstance } from '../pulses/tracked-instance.ts';
import type { Condition } from './condition.ts';

/** Longer than any boot: after this time `starting` means that the instance cannot start. */
export const STARTING_FOR_MS = 20_000;
/**
 * When pulses and responses over the bus are missing for this time while HTTP responds, the instance has lost
 * the bus.
 */
export const OFF_THE_BUS_AFTER_MS = 8000;
const LAGGING_PULSES = 3;

/** The faults of one instance now, by its pulses and probes. */
export function judgeInstance(
  known: TrackedInstance,
  servers: ReadonlyMap<string, ServerTracker>,
  now: number,
): Condition[] {
  if (known.unresponsive) {
    return [
      condition(known, 'instance.unresponsive', known.unresponsive.beganAt, known.unresponsive.evidence),
    ];
  }
  if (known.restart) {
    const { beganAt, times, previousBoot, previousPid } = known.restart;
    return [
      condition(known, 'instance.restarted', beganAt, {
        pid: known.pulse.pid,
        boot_id: known.pulse.boot_id,
        previous_pid: previousPid,
        previous_boot_id: previousBoot,
        times,
      }),
    ];
  }
  return [...unready(known, servers, now), ...stalled(known), ...saturated(known)];
}

function unready(
  known: TrackedInstance,
  servers: ReadonlyMap<string, ServerTracker>,
  now: number,
): Condition[] {
  const { pulse } = known;
  const silentMs = now - known.seenAt;
  const offTheBus =
    silentMs >= OFF_THE_BUS_AFTER_MS && known.lastProbe?.http === 'pass' && known.lastProbe.bus !== 'pass';
  if (offTheBus) {
    return [
      condition(known, 'instance.not-ready', known.seenAt, { off_the_bus: true, probe: known.lastProbe }),
    ];
  }
  const cannotStart = pulse.state === 'starting' && now - known.bootSeenAt >= STARTING_FOR_MS;
  if (pulse.state !== 'not-ready' && !cannotStart) return [];
  if (explained(pulse.service, servers, now)) return [];
  const down = pulse.dependencies.filter(({ status }) => status === 'down').map(({ name }) => name);
  return [
    condition(known, 'instance.not-ready', known.unreadySince ?? now, {
      state: pulse.state,
      down,
      degraded: pulse.degraded,
    }),
  ];
}

function stalled(known: TrackedInstance): Condition[] {
  if (known.laggingPulses < LAGGING_PULSES) return [];
  return [
    condition(known, 'instance.stalled', known.seenAt - known.laggingPulses * 1000, {
      event_loop_lag_ms: known.pulse.event_loop_lag_ms,
      in_flight: known.pulse.in_flight,
    }),
  ];
}

/** A process that is used up, and not also blocked for a second at a time, which says more. */
function saturated(known: TrackedInstance): Condition[] {
  const evidence = known.processor.saturated();
  if (!evidence || stalled(known).length > 0) return [];
  return [condition(known, 'cpu.saturated', known.seenAt - WINDOW_MS, evidence)];
}

/**
 * Whether a server that this service needs or uses is, or just was, unhealthy: then the server's symptom
 * explains the instance's.
 */
export function explained(
  service: ServiceName,
  servers: ReadonlyMap<string, ServerTracker>,
  now: number,
): boolean {
  const { needs, uses } = DEPENDENCIES[service];
  return [...needs, ...uses].some((name) => servers.get(name)?.troubled(now));
}

/** The dependencies that the instance itself reports as unreachable. */
export function suspectsOf({ pulse }: TrackedInstance): Symptom['suspects'] {
  const known: readonly string[] = [...SERVERS, ...SERVICES];
  return pulse.dependencies
    .filter(({ name, status }) => status === 'down' && known.includes(name))
    .map(({ name }) => name as Symptom['suspects'][number]);
}

export function condition(
  known: TrackedInstance,
  signal: Signal,
  beganAt: number,
  evidence: Record<string, unknown>,
): Condition {
  const { service, instance } = known.pulse;
  return {
    signal,
    target: { kind: 'service', name: service, process: instance },
    beganAt,
    suspects: suspectsOf(known),
    evidence: { pid: known.pulse.pid, boot_id: known.pulse.boot_id, ...evidence },
  };
}
