import type { Incident, IncidentError } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { buildIncident } from '../test/incident-builder.ts';
import { renderIncidentMail } from './incident-mail.ts';

const options = { portalUrl: 'http://portal.example', now: Date.UTC(2026, 2, 1, 3, 14, 21) };
const bug: IncidentError = {
  process: 'billing-2',
  fingerprint: 'bad0000000000001',
  source: 'billing.invoices.close',
  dependency: null,
  category: 'runtime',
  criticality: 'normal',
  kind: 'programming_bug',
  transient: false,
  strategy: 'ESCALATE',
  decided_by: 'rule',
  confidence: 0.95,
  why: 'It read a property of undefined',
  rule: 'node/TypeError',
  error: { name: 'TypeError', code: null, message: "Cannot read properties of undefined (reading 'total')" },
  steps: [],
  count: 1200,
  healed: 0,
  outcomes: {},
  first_at: '2026-03-01T03:14:15.000Z',
  last_at: '2026-03-01T03:14:19.000Z',
};
const cut: IncidentError = {
  ...bug,
  source: 'billing.postgres.read',
  dependency: 'postgres',
  kind: 'connection_lost',
  transient: true,
  strategy: 'RETRY_WITH_BACKOFF',
  error: { name: 'Error', code: 'ECONNRESET', message: 'read ECONNRESET' },
  steps: [
    { strategy: 'RETRY_WITH_BACKOFF', outcome: 'failed', why: 'no repeat succeeded', duration_ms: 812.4 },
  ],
  count: 12,
  healed: 1,
};
const incident = (changes: Partial<Incident> = {}): Incident =>
  buildIncident({
    status: 'escalated',
    title: 'billing-2: programming bug',
    cause: { signal: 'errors.captured', target: { kind: 'service', name: 'billing', process: 'billing-2' } },
    resolved_at: null,
    decided_by: 'rule',
    rule: 'node/TypeError',
    actions: [],
    symptoms: [],
    errors: [cut, bug],
    ...changes,
  });

describe('the mail about errors that a process caught', () => {
  it('names the kind of error in the subject, and nothing of the error’s message', () => {
    const { subject } = renderIncidentMail(incident(), options);
    expect(subject).toBe('[ACTION NEEDED] billing-2: programming bug, for 6.0 s');
  });

  it('shows what to do, what was caught, decided and tried, how often and since when', () => {
    const { text } = renderIncidentMail(incident(), options);
    expect(text.slice(0, text.indexOf('TIMELINE'))).toBe(`ACTION NEEDED: billing-2: programming bug

WHAT YOU MUST DO
  Find out why billing-2 (service billing) fails at billing.invoices.close: only a human can fix it.
  The code at that place has a bug; repeating the call does not help.
  Nothing was restarted: a restart does not fix such an error.
  When the error does not occur again, the incident closes by itself; no second mail will come.
  The same error of this service is mailed once a day at most.

WHAT WAS CAUGHT
  caught       TypeError: Cannot read properties of undefined (reading 'total')
  where        billing.invoices.close; in billing-2 (service billing)
  kind         programming bug, does not pass by itself
  how often    1,200 times, never healed
  since        2026-03-01T03:14:15.000Z (UTC), last at 2026-03-01T03:14:19.000Z
  decided      ESCALATE by rule "node/TypeError", confidence 0.95
               because: It read a property of undefined
  tried        nothing
  also caught  12 times (1 healed): Error (ECONNRESET): read ECONNRESET at billing.postgres.read

`);
  });

  it('names the dependency that should work again when the error is transient', () => {
    const { text } = renderIncidentMail(incident({ errors: [cut] }), options);
    expect(text).toContain(
      'Check postgres: calls of billing-2 (service billing) to it should work again by now, and do not.',
    );
    expect(text).toContain('how often  12 times, healed once');
    expect(text).toContain('tried      RETRY_WITH_BACKOFF: failed, no repeat succeeded (812.4 ms)');
  });

  it('reports that no rule knows the error, and that it has not occurred again', () => {
    const unknown: IncidentError = { ...bug, kind: 'unknown', decided_by: 'none', why: 'No rule matches' };
    const { text } = renderIncidentMail(
      incident({ errors: [unknown], resolved_at: '2026-03-01T03:15:00.000Z' }),
      options,
    );
    expect(text).toContain('kind       an unknown error, does not pass by itself');
    expect(text).toContain('decided    nothing: No rule matches');
    expect(text).toContain('The error has not occurred again since; that does not mean that it is fixed.');
  });

  it('renders an error’s message as text, and without its secrets', () => {
    const error = { ...bug.error, message: '<script>alert(1)</script> postgres://billing:hunter2@db/portal' };
    const { html, text, subject } = renderIncidentMail(incident({ errors: [{ ...bug, error }] }), options);
    expect(html).toContain('&lt;script&gt;');
    expect(html + text).not.toContain('hunter2');
    expect(subject).not.toContain('script');
  });
});
