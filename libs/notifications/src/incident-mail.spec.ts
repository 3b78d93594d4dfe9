import { describe, expect, it } from '@jest/globals';
import { buildEscalated, buildIncident } from '../test/incident-builder.ts';
import { renderIncidentMail } from './incident-mail.ts';

const options = { portalUrl: 'http://portal.example/', now: Date.UTC(2026, 2, 1, 3, 14, 56) };

describe('renderIncidentMail', () => {
  it('says in the subject that nothing must be done, what happened and how long it took', () => {
    const { subject, messageId } = renderIncidentMail(buildIncident(), options);
    expect(subject).toBe('[AUTO-RESOLVED] billing-2 stopped responding, healed in 4.3 s');
    expect(messageId).toBe('<inc_0UQ3kZ1aB7dEfGhIjKlMnO.resolved@portal.gridworks.example>');
  });

  it('shows the whole incident in plain text', () => {
    expect(renderIncidentMail(buildIncident(), options).text).toBe(
      `AUTO-RESOLVED: billing-2 stopped responding

WHAT YOU MUST DO
  Nothing. It healed, and that was verified. This mail is for your records.

WHAT HAPPENED
  broke       billing-2 (service billing) sent no pulse, and responded neither at its health port nor to a control request
  since       2026-03-01T03:14:15.000Z (UTC), noticed after 2,140 ms
  healed      after 4,310 ms
  done        billing-2: restarted it (its whole process tree); done after 612 ms (pid 4711 runs)
  decided by  playbook, rule "unresponsive-instance"
  verified    ping answered, pulse is back, error rate is normal
  also seen   service gateway: http.unresponsive

TIMELINE, IN MS FROM THE BEGINNING
      +0  began     last pulse
  +2,140  observed  silent for 2.1 s; neither health port nor control request answers
  +2,150  decided   playbook: restart it
  +2,802  acted     platform.restart done
  +4,310  verified  ping answered, pulse is back, error rate is normal

TO LOOK FURTHER
  incident  inc_0UQ3kZ1aB7dEfGhIjKlMnO
  trace     4bf92f3577b34da6a3ce929d0e0e4736
  link      http://portal.example/admin/healing/incidents/inc_0UQ3kZ1aB7dEfGhIjKlMnO
`,
    );
  });

  it('shows first what a human must do when the incident was not healed', () => {
    const { subject, text, messageId } = renderIncidentMail(buildEscalated(), options);
    expect(subject).toBe('[ACTION NEEDED] billing-2 stopped responding, for 41.0 s');
    expect(messageId).toContain('.escalated@');
    const [, first = ''] = text.split('\n\n');
    expect(first.split('\n')).toEqual([
      'WHAT YOU MUST DO',
      '  Check billing-2 (service billing): it is not healthy, and the healer will do nothing more (restart budget of billing is used up).',
      '  Consider platform.restart of billing-2: the healer suggests it, but a guard refused it.',
      '  The remedies that were tried are below; repeating them will hardly help.',
      '  If it becomes healthy in the meantime, the incident closes by itself; no second mail will come.',
    ]);
    expect(text).toContain('verified    failed: ping does not respond');
    expect(text).toContain('failed after 612 ms (it did not come back)');
  });

  it('shows the target’s own error, on one line and cut', () => {
    const incident = buildEscalated();
    const { cause } = incident;
    const said = `connect ECONNREFUSED\n  platform.sock ${'x'.repeat(400)}`;
    const symptom = { ...incident.symptoms[0]!, ...cause, evidence: { error: said } } as never;
    const { text } = renderIncidentMail({ ...incident, symptoms: [symptom] }, options);
    const [line] = text.match(/^ {2}error .*$/m) ?? [];
    expect(line).toMatch(/^ {2}error {7}connect ECONNREFUSED platform\.sock x+$/);
    expect(line!.length).toBeLessThan(330);
  });

  it('asks a human to find the cause when the fault is healed each time and keeps recurring', () => {
    const recurring = buildIncident({ title: 'billing-2 keeps ending', recurring: true });
    const { subject, text, messageId } = renderIncidentMail(recurring, options);
    expect(subject).toBe('[ACTION NEEDED] billing-2 keeps ending, works again for now');
    expect(messageId).toContain('.recurring@');
    expect(text).toContain('Find out why billing-2 (service billing) keeps failing. It works now');
    expect(text).toContain('No mail comes for further failures, unless a restart does not help.');
  });

  it('links the incident in HTML and escapes all markup', () => {
    const hostile = buildIncident({ title: '<img src=x onerror=alert(1)> & "more"' });
    const { html } = renderIncidentMail(hostile, options);
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;more&quot;');
    expect(html).not.toContain('<img');
    expect(html).toContain(
      '<a href="http://portal.example/admin/healing/incidents/inc_0UQ3kZ1aB7dEfGhIjKlMnO">http://portal.example/admin/healing/incidents/inc_0UQ3kZ1aB7dEfGhIjKlMnO</a>',
    );
  });

  it('mails no secret that a text contains by accident', () => {
    const leaky = buildIncident({
      timeline: [
        { at: buildIncident().began_at, what: 'began', text: 'lost postgres://billing:hunter2@db/portal' },
      ],
    });
    const { text, html } = renderIncidentMail(leaky, options);
    expect(text + html).not.toContain('hunter2');
  });

  it('marks an experiment, so that no admin reacts to it', () => {
    const { subject, text } = renderIncidentMail(
      buildIncident({ experiment: 'chaos: service-freeze' }),
      options,
    );
    expect(subject).toMatch(/ \(experiment\)$/);
    expect(text).toContain('experiment  chaos: service-freeze');
  });

  it('renders an incident with little information', () => {
    const bare = buildEscalated({
      actions: [],
      symptoms: [],
      timeline: [],
      rule: null,
      decided_by: null,
      trace_id: null,
    });
    const { text } = renderIncidentMail(bare, options);
    expect(text).toContain('done        nothing');
    expect(text).toContain('decided by  nothing yet');
    expect(text).toContain('trace     none was recorded');
  });
});
