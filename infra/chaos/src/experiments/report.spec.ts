import type { Incident } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { type Findings, makeReport, momentsOf } from './report.ts';

const injectedAt = Date.UTC(2026, 0, 5, 10);
const at = (ms: number): string => new Date(injectedAt + ms).toISOString();
const target = { kind: 'service', name: 'billing', process: 'billing' } as const;
const incident = {
  id: 'inc_1',
  title: 'billing does not respond',
  status: 'resolved',
  cause: { signal: 'instance.unresponsive', target },
  observed_at: at(2500),
  decided_by: 'playbook',
  symptoms: [{ evidence: {} }],
  actions: [
    { remedy: 'platform.restart', target, state: 'done' },
    { remedy: 'page-human', target, state: 'suggested' },
  ],
  timeline: [
    { at: at(2510), what: 'decided', text: '' },
    { at: at(2600), what: 'acted', text: '' },
    { at: at(5000), what: 'verified', text: '' },
  ],
} as unknown as Incident;
const requests = {
  ok: 300,
  failed: { '503': 40 },
  firstGoodMs: 3500.4,
  lastFailureMs: 3400.2,
  longestGapMs: 3500.4,
  routes: [],
};
const good: Findings = {
  experiment: 'service-freeze',
  target: 'billing',
  injectedAt,
  incident,
  incidents: [incident],
  mails: 1,
  mailsFrom: 'sink',
  mailsAboutIncident: 1,
  requests,
  servedInTheEnd: true,
  runs: true,
  promises: {
    tickets: { acknowledged: 60, lost: 0, found: 60, sent: 60 },
    usage: { answered: 300, ambiguous: 0, counted: 300 },
  },
  brokenPromises: [],
  notes: [],
};
const control: Findings = {
  ...good,
  experiment: 'none',
  target: null,
  incident: null,
  incidents: [],
  mails: 0,
  mailsAboutIncident: 0,
  requests: { ...requests, failed: {} },
};

describe('makeReport', () => {
  it('has what was asked for first, in that order', () => {
    const report = makeReport(good);
    expect(Object.keys(report).slice(0, 10)).toEqual([
      'experiment',
      'target',
      'healed',
      'decided_by',
      'ms',
      'requests',
      'longest_gap_ms',
      'actions',
      'incident_id',
      'mailed',
    ]);
    expect(report).toMatchObject({
      healed: true,
      decided_by: 'playbook',
      ms: { observed: 2500, decided: 2510, acted: 2600, verified: 5000, first_good_request: 3500 },
      requests: { ok: 300, failed: { '503': 40 } },
      longest_gap_ms: 3500,
      actions: ['platform.restart billing'],
      incident_id: 'inc_1',
      mailed: true,
      passed: true,
    });
    expect(momentsOf(report).map(({ ms }) => ms)).toEqual([0, 2500, 2510, 2600, 3500, 5000]);
  });

  it.each([
    ['monitor, whose symptoms name nobody', [{ evidence: { boot: 1 } }], 'observed by monitor'],
    [
      'healer, which names itself',
      [{ evidence: { seen_by: 'healer' } }, { evidence: {} }],
      'observed by healer',
    ],
    ['nobody, where there is no symptom to tell', [], 'observed'],
  ])('was seen by %s', (_, symptoms, what) => {
    const report = makeReport({ ...good, incident: { ...incident, symptoms } as unknown as Incident });
    expect(momentsOf(report)[1]).toEqual({ ms: 2500, what });
  });

  it.each([
    [
      'without an incident',
      { incident: null, incidents: [], mailsAboutIncident: 0 },
      'no incident was recorded',
    ],
    [
      'that was given up',
      { incident: { ...incident, status: 'escalated' } as Incident },
      'the incident is escalated',
    ],
    ['while partners are not served', { servedInTheEnd: false }, 'not every route succeeds in the end'],
    ['while it does not run', { runs: false }, 'billing is not running'],
  ])('is not healed %s', (_, change, problem) => {
    const report = makeReport({ ...good, ...change });
    expect(report).toMatchObject({ healed: false, passed: false });
    expect(report.problems).toContain(problem);
  });

  it('never takes an action for a cure: what was not verified is not healed', () => {
    const timeline = incident.timeline.filter(({ what }) => what !== 'verified');
    expect(makeReport({ ...good, incident: { ...incident, timeline } })).toMatchObject({
      healed: false,
      ms: { verified: null },
    });
  });

  it.each([
    ['two incidents', { incidents: [incident, incident] }],
    ['two mails', { mails: 2 }],
    ['a status that is no 503', { requests: { ...requests, failed: { '503': 3, '500': 1 } } }],
    ['a lost write', { brokenPromises: ['1 acknowledged tickets are lost'] }],
  ])('does not pass with %s, though it is healed', (_, change) => {
    expect(makeReport({ ...good, ...change })).toMatchObject({ healed: true, passed: false });
  });

  it('takes nothing done for the control run’s success, and anything for its failure', () => {
    expect(makeReport(control)).toMatchObject({ healed: true, passed: true, actions: [], incident_id: null });
    expect(makeReport({ ...control, incidents: [incident] })).toMatchObject({ healed: false, passed: false });
    expect(makeReport({ ...control, mails: 1 })).toMatchObject({ healed: false, passed: false });
    expect(makeReport({ ...control, runs: false })).toMatchObject({ passed: false });
  });
});
