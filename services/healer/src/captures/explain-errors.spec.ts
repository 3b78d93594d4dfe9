import type { IncidentError, Signal, Target } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { billing, postgres, symptom } from '../../test/symptoms.ts';
import type { CaptureState } from '../incidents/capture-state.ts';
import { joinSymptom, openIncident } from '../incidents/incident.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { type CaughtErrors, caughtOf, explainErrors } from './explain-errors.ts';

const NOW = Date.UTC(2026, 0, 1);
const instant = (ms: number) => new Date(NOW + ms).toISOString();

/** Began at 0 s, and resolved 20 s later unless it is open. */
function incident(
  signal: Signal,
  target: Target,
  more: Partial<IncidentRecord> = {},
  open = false,
): IncidentRecord {
  const record = openIncident(symptom(signal, target, { began_at: instant(0), observed_at: instant(2000) }), {
    now: NOW + 2000,
    holdUntil: null,
    traceparent: null,
    traceId: null,
    experiment: null,
  });
  const end = open ? {} : { status: 'resolved' as const, resolved_at: instant(20_000) };
  return { ...record, ...more, incident: { ...record.incident, ...end } };
}
const caught = (more: Partial<CaughtErrors> = {}): CaughtErrors => ({
  service: 'billing',
  process: 'billing',
  dependency: 'postgres',
  firstAt: NOW + 1000,
  lastAt: NOW + 1500,
  lasting: false,
  ...more,
});
const explains = (record: IncidentRecord, more: Partial<CaughtErrors>) =>
  explainErrors(caught(more), [record]) === record;
const at = (ms: number) => ({ firstAt: NOW + ms, lastAt: NOW + ms });

describe('the incident behind caught errors', () => {
  const server = incident('server.unresponsive', postgres);

  it.each<[string, Partial<CaughtErrors>, boolean]>([
    ['what the call asked', {}, true],
    [
      'what the asked service stands on',
      { service: 'gateway', process: 'gateway', dependency: 'billing' },
      true,
    ],
    ['what the service stands on', { dependency: null }, true],
    ['something that neither stands on', { service: 'smtp', process: 'smtp', dependency: 'redis' }, false],
  ])('may be of %s', (_, more, expected) => expect(explains(server, more)).toBe(expected));

  it('may be a filling disk, once PostgreSQL has refused writes for want of space, and no sooner', () => {
    const auth: Target = { kind: 'service', name: 'auth', process: 'auth' };
    const disk = incident('disk.filling', auth, {}, true);
    const calls: Partial<CaughtErrors>[] = [
      { lasting: true },
      { service: 'gateway', process: 'gateway', dependency: 'billing', lasting: true },
    ];
    for (const call of calls) expect(explains(disk, call)).toBe(false);
    const refusal = (error: string) =>
      joinSymptom(disk, symptom('server.read-only', postgres, { evidence: { error } }), NOW + 3000);
    for (const call of calls) expect(explains(refusal('53100: could not extend file'), call)).toBe(true);
    expect(explains(refusal('25006: cannot execute UPDATE'), {})).toBe(false);
    expect(
      explains(refusal('53100: could not extend file'), {
        dependency: 'smtp',
        service: 'smtp',
        process: 'smtp',
      }),
    ).toBe(false);
  });

  it('may be a filling disk for every error that says that a disk is full', () => {
    const auth: Target = { kind: 'service', name: 'auth', process: 'auth' };
    const disk = incident('disk.filling', auth, {}, true);
    const mails: Partial<CaughtErrors> = {
      service: 'healer',
      process: 'healer',
      dependency: 'smtp',
      lasting: true,
    };
    expect(explains(disk, { ...mails, lacksSpace: true })).toBe(true);
    expect(explains(disk, mails)).toBe(false);
    expect(explains(incident('memory.filling', auth, {}, true), { ...mails, lacksSpace: true })).toBe(false);
    expect(explains(incident('disk.filling', auth), { ...mails, lacksSpace: true, ...at(40_000) })).toBe(
      false,
    );
  });

  it('knows a full disk by every error that does not end by itself', () => {
    const error = (kind: string, strategy: string, healed = 0) =>
      ({ kind, strategy, healed, count: 1 }) as unknown as IncidentError;
    const lacks = (...errors: IncidentError[]) =>
      caughtOf('healer', 'healer', { state: { unlisted: 0 } as CaptureState, errors }).lacksSpace;
    const full = error('disk_full', 'ESCALATE');
    expect(lacks(full)).toBe(true);
    expect(lacks(full, error('timeout', 'RETRY_WITH_BACKOFF'))).toBe(true);
    expect(lacks(full, error('programming_bug', 'ESCALATE'))).toBe(false);
    expect(lacks(error('timeout', 'RETRY_WITH_BACKOFF'))).toBe(false);
  });

  it('may be a report about the dependency of the call, and then explains nothing else', () => {
    const healer: Target = { kind: 'service', name: 'healer', process: 'healer' };
    const platform = incident('platform.away', healer, { gave_up: true }, true);
    const own = { service: 'healer', process: 'healer' };
    expect(explains(platform, { ...own, dependency: 'platform' })).toBe(true);
    expect(explains(platform, { ...own, dependency: 'smtp' })).toBe(false);
    expect(explains(platform, { dependency: 'healer' })).toBe(false);
    const letters = incident('dead-letters.present', billing, {}, true);
    expect(explains(letters, { dependency: 'billing' })).toBe(false);
  });

  it.each([
    ['database.lock-pile-up', postgres],
    ['memory.filling', billing],
    ['cpu.saturated', billing],
    ['consumer.stalled', billing],
  ] as const)('is %s only for errors that end by themselves: the target works', (signal, target) => {
    const short = incident(signal, target);
    expect(explains(short, {})).toBe(true);
    expect(explains(short, { lasting: true })).toBe(false);
    expect(explains(server, { lasting: true })).toBe(true);
  });

  it('is of the process itself, or of another instance of its service', () => {
    const own = incident('instance.restarted', billing);
    expect(explains(own, { dependency: 'smtp' })).toBe(true);
    expect(explains(own, { process: 'billing-2', dependency: null })).toBe(true);
    expect(explains(own, { service: 'support', process: 'support', dependency: 'postgres' })).toBe(false);
  });

  it.each<[string, number, boolean, boolean]>([
    ['11 s before it began', -11_000, false, false],
    ['9 s before it began', -9000, false, true],
    ['59 s after it was over', 79_000, false, true],
    ['61 s after it was over', 81_000, false, false],
    ['4 s after it was over, and it will not pass', 24_000, true, true],
    ['6 s after it was over, and it will not pass', 26_000, true, false],
  ])('is looked for by time: %s', (_, ms, lasting, expected) =>
    expect(explains(server, { ...at(ms), lasting })).toBe(expected),
  );

  it('is not the one that is over when errors that will not pass come from elsewhere', () => {
    const elsewhere = { dependency: null, lasting: true };
    expect(explains(server, { ...elsewhere, ...at(10_000) })).toBe(true);
    expect(explains(server, { ...elsewhere, ...at(24_000) })).toBe(true);
    expect(explains(server, { ...elsewhere, ...at(26_000) })).toBe(false);
  });

  it('has no end while it is open', () => {
    const open = incident('server.unresponsive', postgres, {}, true);
    expect(explains(open, at(3_600_000))).toBe(true);
    expect(explains(open, { ...at(599_000), lasting: true })).toBe(true);
    expect(explains(open, { ...at(601_000), lasting: true })).toBe(false);
  });

  it('is never a report, one that is held or merged, or a soft one that a human has had for long', () => {
    expect(explains(incident('dead-letters.present', billing), {})).toBe(false);
    expect(explains(incident('consumer.lagging', billing), {})).toBe(false);
    expect(explains(incident('server.restarted', postgres, { hold_until: instant(0) }), {})).toBe(false);
    expect(explains(incident('server.restarted', postgres, { merged_into: 'inc_x' }), {})).toBe(false);
    expect(explains(incident('instance.not-ready', billing, { gave_up: true }, true), {})).toBe(false);
    expect(explains(incident('instance.not-ready', billing, {}, true), {})).toBe(true);
  });

  it('is the closest of several', () => {
    const own = incident('instance.restarted', billing);
    const redis = incident('server.restarted', { kind: 'server', name: 'redis', process: 'redis' });
    expect(explainErrors(caught(), [own, server, redis])).toBe(server);
    expect(explainErrors(caught({ dependency: 'smtp' }), [server, own, redis])).toBe(own);
  });
});
