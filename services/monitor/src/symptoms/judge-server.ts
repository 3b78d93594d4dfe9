import type { ServerName, Signal } from '@gridworks/contracts';
import type { ServerTracker } from '../checks/servers/server-tracker.ts';
import type { Condition } from './condition.ts';

/** The signal of a server that responds and does not store what it is given. */
export const STORE_SIGNALS: Partial<Record<ServerName, Signal>> = {
  nats: 'server.not-storing',
  postgres: 'server.read-only',
};

/** The faults of one server now, by monitor's own checks. */
export function judgeServer(server: ServerTracker): Condition[] {
  // A silent bus carries no symptom about itself: the healer watches it over its own connection.
  if (server.unresponsive && server.name !== 'nats') {
    return [
      condition(server, 'server.unresponsive', server.unresponsive.beganAt, server.unresponsive.evidence),
    ];
  }
  const storeSignal = STORE_SIGNALS[server.name];
  if (server.notStoring && storeSignal) {
    return [condition(server, storeSignal, server.notStoring.beganAt, server.notStoring.evidence)];
  }
  if (server.restart) {
    const { beganAt, previousBoot } = server.restart;
    return [
      condition(server, 'server.restarted', beganAt, { boot: server.boot, previous_boot: previousBoot }),
    ];
  }
  return [];
}

function condition(
  { name }: ServerTracker,
  signal: Signal,
  beganAt: number,
  evidence: Record<string, unknown>,
): Condition {
  return { signal, target: { kind: 'server', name, process: name }, beganAt, suspects: [], evidence };
}
