import { type CauseSignal, signalRow } from '@gridworks/contracts';
import { describeTrouble } from '../incidents/describe.ts';
import type { IncidentRecord, TreatedTarget } from '../incidents/incident-record.ts';
import type { PulseRegistry, ReceivedPulse } from './pulse-registry.ts';

/** Whether every symptom of this signal of the process is cleared, and there was one. */
export function isCleared({ incident }: IncidentRecord, { signal, target }: TreatedTarget): boolean {
  const raised = incident.symptoms.filter(
    (symptom) => symptom.signal === signal && symptom.target.process === target.process,
  );
  return raised.length > 0 && raised.every(({ state }) => state === 'cleared');
}

/** What still keeps the incident's signal open; null when the signal is gone. */
export function signalStillOpen(
  record: IncidentRecord,
  treated: TreatedTarget,
  since: number,
  pulses: PulseRegistry,
  proof: 'probe' | 'cleared',
): string | null {
  const { signal, target } = treated;
  const other = record.incident.symptoms.find(
    (symptom) =>
      symptom.signal !== signal &&
      symptom.target.process === target.process &&
      symptom.state === 'firing' &&
      !signalRow(symptom.signal).reportOnly &&
      signalRow(symptom.signal).proof === 'cleared',
  );
  if (other) return describeTrouble(other.signal, target);
  if (isCleared(record, treated)) return null;
  if (proof === 'cleared') return 'the signal is not cleared yet';
  if (target.kind === 'server')
    return pulses.reachedSince(target.name, since) ? null : `no instance has reached ${target.name} yet`;
  const received = pulses.of(target.process);
  if (!received || received.receivedAt <= since) return `no pulse of ${target.process} since`;
  if (received.pulse.state !== 'ready') return `${target.process} reports that it is ${received.pulse.state}`;
  return refutes(signal, received) ? null : `the pulse of ${target.process} still shows the fault`;
}

/** Whether a ready pulse also disproves this particular signal. */
function refutes(signal: CauseSignal, { pulse, previous }: ReceivedPulse): boolean {
  if (signal !== 'connections.lost') return true;
  return pulse.dependencies.every(({ name, status, connections_lost }) => {
    const before = previous?.dependencies.find((one) => one.name === name);
    return status !== 'down' && (before === undefined || before.connections_lost === connections_lost);
  });
}
