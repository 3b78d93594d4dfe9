import { type Incident, incidentSchema } from '@gridworks/contracts';

const at = (ms: number) => new Date(Date.UTC(2026, 2, 1, 3, 14, 15, 0) + ms).toISOString();
const target = { kind: 'service', name: 'billing', process: 'billing-2' } as const;

/** A frozen billing instance that the healer restarted. Checked against the contract. */
export function buildIncident(changes: Partial<Incident> = {}): Incident {
  return incidentSchema.parse({
    object: 'incident',
    id: 'inc_0UQ3kZ1aB7dEfGhIjKlMnO',
    status: 'resolved',
    title: 'billing-2 stopped responding',
    cause: { signal: 'instance.unresponsive', target },
    began_at: at(0),
    observed_at: at(2140),
    resolved_at: at(4310),
    decided_by: 'playbook',
    rule: 'unresponsive-instance',
    actions: [
      {
        id: 'act_1',
        remedy: 'platform.restart',
        target,
        state: 'done',
        epoch: 7,
        intended_at: at(2190),
        ended_at: at(2802),
        outcome: 'pid 4711 runs',
      },
    ],
    symptoms: [
      {
        id: 'sym_0UQ3kZ1aB7dEfGhIjKlMnO',
        signal: 'instance.unresponsive',
        target,
        state: 'firing',
        began_at: at(0),
        observed_at: at(2140),
        suspects: [],
        evidence: {},
      },
      {
        id: 'sym_0UQ3kZ1aB7dEfGhIjKlMnP',
        signal: 'http.unresponsive',
        target: { kind: 'service', name: 'gateway', process: 'gateway' },
        state: 'firing',
        began_at: at(900),
        observed_at: at(2200),
        suspects: ['billing'],
        evidence: {},
      },
    ],
    timeline: [
      { at: at(0), what: 'began', text: 'last pulse' },
      {
        at: at(2140),
        what: 'observed',
        text: 'silent for 2.1 s; neither health port nor control request answers',
      },
      { at: at(2150), what: 'decided', text: 'playbook: restart it' },
      { at: at(2802), what: 'acted', text: 'platform.restart done' },
      { at: at(4310), what: 'verified', text: 'ping answered, pulse is back, error rate is normal' },
    ],
    mailed_at: null,
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
    experiment: null,
    revision: 9,
    ...changes,
  });
}

/** The same incident, but two rungs of the ladder did not help. */
export function buildEscalated(changes: Partial<Incident> = {}): Incident {
  const healed = buildIncident();
  return buildIncident({
    status: 'escalated',
    resolved_at: null,
    actions: [
      { ...healed.actions[0]!, state: 'failed', outcome: 'it did not come back' },
      { ...healed.actions[0]!, id: 'act_2', state: 'suggested', ended_at: null, outcome: null },
    ],
    timeline: [
      ...healed.timeline.slice(0, 4),
      { at: at(9000), what: 'not-verified', text: 'ping does not respond' },
      { at: at(9100), what: 'escalated', text: 'restart budget of billing is used up' },
    ],
    ...changes,
  });
}
