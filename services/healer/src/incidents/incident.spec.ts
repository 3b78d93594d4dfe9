import { incidentSchema } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { billing, postgres, symptom } from '../../test/symptoms.ts';
import {
  absorb,
  joinSymptom,
  knowsSymptom,
  MAX_SYMPTOMS,
  openIncident,
  publishHeld,
  rediagnose,
  reopen,
} from './incident.ts';
import { claimMail, mailRefused, mailSent } from './incident-mail.ts';
import { incidentRecordSchema } from './incident-record.ts';
import { IncidentStateError } from './revision.ts';
import { climb, conclude, decide, escalate, intend, resolve, suggest } from './treatment.ts';

const now = Date.UTC(2026, 0, 5, 10);
const options = { now, holdUntil: null, traceparent: null, traceId: null, experiment: null };
const opened = () => openIncident(symptom('instance.unresponsive'), options);
const act = { id: 'act_1', remedy: 'platform.restart' as const, target: billing, epoch: 7 };

describe('an incident', () => {
  it('matches the contract in every state, and each change is one revision with an entry in the timeline', () => {
    let record = opened();
    const change = (next: typeof record) => {
      expect(next.incident.revision).toBe(record.incident.revision + 1);
      expect(next.incident.timeline.length).toBeGreaterThan(record.incident.timeline.length);
      expect(incidentRecordSchema.parse(next)).toEqual(next);
      record = next;
    };
    change(decide(record, { rule: 'restart-unresponsive-instance', text: 'so' }, now + 1));
    change(intend(record, act, 'about to', now + 2));
    expect(record.incident.status).toBe('acting');
    change(conclude(record, 'act_1', 'done', 'did', now + 3));
    change(climb(record, 'not well', now + 4));
    expect(record).toMatchObject({ rung: 1, rung_action: null });
    change(resolve(record, 'well', now + 5));
    record = claimMail(record, 'resolved', 'healer#1', now + 6);
    change(mailSent(record, 2, now + 7));
    expect(record.incident).toMatchObject({ status: 'resolved', mailed_at: new Date(now + 7).toISOString() });
    expect(record.incident.timeline.at(-1)?.text).toBe('Mailed to 2 admins.');
    expect(incidentSchema.parse(record.incident)).toEqual(record.incident);
  });

  it('has no second action while one has no outcome, and none once it is resolved', () => {
    const intended = intend(opened(), act, 'about to', now);
    expect(() => intend(intended, { ...act, id: 'act_2' }, 'again', now)).toThrow(IncidentStateError);
    expect(() => intend(resolve(opened(), 'well', now), act, 'late', now)).toThrow(IncidentStateError);
  });

  it('knows no outcome of what was not intended, and only one of what was', () => {
    expect(() => conclude(opened(), 'act_1', 'done', 'did', now)).toThrow(IncidentStateError);
    const done = conclude(intend(opened(), act, 'x', now), 'act_1', 'done', 'did', now);
    expect(() => conclude(done, 'act_1', 'failed', 'did not', now)).toThrow(IncidentStateError);
  });

  it('stays escalated, whatever is done, until it is resolved', () => {
    let record = escalate(opened(), 'overdue', false, now);
    record = intend(record, act, 'x', now);
    expect(record.incident.status).toBe('escalated');
    expect(record.gave_up).toBe(false);
    record = resolve(conclude(record, 'act_1', 'done', 'did', now), 'well', now);
    expect(record.incident.status).toBe('resolved');
  });

  it('has one mail, however often it is claimed and by which healer', () => {
    const claimed = claimMail(opened(), 'escalated', 'healer#1', now);
    expect(claimMail(claimed, 'resolved', 'healer#2', now)).toBe(claimed);
    const sent = mailSent(claimed, 1, now);
    expect(mailSent(sent, 1, now)).toBe(sent);
    expect(mailRefused(sent, now)).toBe(sent);
  });

  it('does not report a mail as sent when it was refused', () => {
    const refused = mailRefused(claimMail(opened(), 'resolved', 'healer#1', now), now);
    expect(refused.incident.mailed_at).toBeNull();
    expect(refused.mail?.sent).toBe(true);
  });

  it('takes the same symptom in once, and its end once', () => {
    const other = symptom('connections.lost');
    const joined = joinSymptom(opened(), other, now);
    expect(joinSymptom(joined, other, now)).toBe(joined);
    const cleared = { ...other, state: 'cleared' as const };
    expect(knowsSymptom(joined, cleared)).toBe(false);
    const ended = joinSymptom(joined, cleared, now);
    expect(ended.incident.symptoms).toHaveLength(2);
    expect(joinSymptom(ended, cleared, now)).toBe(ended);
    // The firing one, delivered again after its end.
    expect(joinSymptom(ended, other, now)).toBe(ended);
  });

  it('does not grow without end', () => {
    let record = opened();
    for (let i = 0; i < 500; i++) record = joinSymptom(record, symptom('connections.lost'), now);
    expect(record.incident.symptoms).toHaveLength(MAX_SYMPTOMS);
    record = resolve(record, 'well', now);
    expect(record.incident.timeline.length).toBeLessThan(210);
    expect(record.incident.timeline.at(-1)?.what).toBe('resolved');
  });

  it('goes on under the cause that showed itself, from the first rung', () => {
    const held = openIncident(symptom('connections.lost'), { ...options, holdUntil: now + 1500 });
    const cause = symptom('server.restarted', postgres);
    const record = rediagnose(climb(publishHeld(held, now), 'no', now), cause, now);
    expect(record).toMatchObject({ hold_until: null, rung: 0, rung_action: null, gave_up: false });
    expect(record.incident).toMatchObject({ title: 'postgres ended and was started again', rule: null });
    expect(record.incident.symptoms).toHaveLength(2);
  });

  it('keeps what another had gathered', () => {
    const other = joinSymptom(opened(), symptom('connections.lost'), now);
    expect(absorb(opened(), other, now).incident.symptoms).toHaveLength(3);
  });

  it('reopens for the ladder of what came back, without a new mail', () => {
    const over = mailSent(claimMail(resolve(opened(), 'well', now), 'resolved', 'healer#1', now), 1, now);
    const again = reopen(over, symptom('instance.restarted'), now);
    expect(again.incident).toMatchObject({ status: 'open', resolved_at: null, rule: null });
    expect(again).toMatchObject({ rung: 0, gave_up: false });
    expect(again.mail).toEqual(over.mail);
  });

  it('only suggests what a guard refused', () => {
    const record = suggest(opened(), act, 'paused.', now);
    expect(record.incident.actions).toMatchObject([{ state: 'suggested', outcome: 'paused.' }]);
    expect(record.gave_up).toBe(true);
  });
});
