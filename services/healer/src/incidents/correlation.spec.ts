import { SERVICES, type Signal, type Symptom, type Target } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { billing, postgres, symptom } from '../../test/symptoms.ts';
import { type CorrelationWindows, correlate, dependsOn } from './correlation.ts';
import { joinSymptom, openIncident } from './incident.ts';
import { claimMail } from './incident-mail.ts';
import type { IncidentRecord } from './incident-record.ts';
import { escalate, resolve } from './treatment.ts';

const t0 = Date.UTC(2026, 0, 5, 10);
const windows: CorrelationWindows = { dependentsMs: 30_000, recurrenceMs: 10_000 };
const service = (name: 'auth' | 'gateway' | 'support' | 'monitor'): Target => ({
  kind: 'service',
  name,
  process: name,
});
const nats: Target = { kind: 'server', name: 'nats', process: 'nats' };

/** Seen `ms` after t0, begun `age` before that. */
const seen = (signal: Signal, target: Target, ms: number, more: Partial<Symptom> = {}, age = 1000): Symptom =>
  symptom(signal, target, {
    began_at: new Date(t0 + ms - age).toISOString(),
    observed_at: new Date(t0 + ms).toISOString(),
    ...more,
  });
const incident = (first: Symptom, holdUntil: number | null = null): IncidentRecord =>
  openIncident(first, {
    now: Date.parse(first.observed_at),
    holdUntil,
    traceparent: null,
    traceId: null,
    experiment: null,
  });
const resolved = (record: IncidentRecord, ms: number) => resolve(record, 'well', t0 + ms);
const correlated = (one: Symptom, ...records: IncidentRecord[]) => correlate(one, records, windows);

describe('the dependency graph', () => {
  it('reaches through others', () => {
    expect(dependsOn('gateway', 'postgres')).toBe(true);
    expect(dependsOn('billing', 'postgres')).toBe(true);
    expect(dependsOn('billing', 'redis')).toBe(false);
    for (const name of SERVICES) {
      expect(dependsOn(name, 'nats')).toBe(true);
      expect(dependsOn(name, name)).toBe(false);
    }
    expect(dependsOn('postgres', 'nats')).toBe(false);
  });
});

describe('a symptom', () => {
  it('of PostgreSQL whose disk is full joins the incident of the disk while that is open', () => {
    const disk = incident(seen('disk.filling', service('auth'), 0));
    const refusal = (error: string, ms = 900) =>
      seen('server.read-only', postgres, ms, { evidence: { error } });
    const full = '53100: could not extend file "base/1/2": No space left on device';
    expect(correlated(refusal(full), disk)).toEqual({ kind: 'join', id: disk.incident.id, reopen: false });
    expect(correlated(refusal('25006: cannot execute UPDATE in a read-only transaction'), disk)).toEqual({
      kind: 'open',
    });
    expect(correlated(refusal(full, 9000), resolved(disk, 5000))).toEqual({ kind: 'open' });
    expect(correlated(seen('server.unresponsive', postgres, 900), disk)).toEqual({ kind: 'open' });
  });

  it('opens an incident when nothing explains it', () => {
    expect(correlated(seen('instance.unresponsive', billing, 0))).toEqual({ kind: 'open' });
    const auth = incident(seen('instance.unresponsive', service('auth'), 0));
    expect(correlated(seen('instance.unresponsive', billing, 100), auth)).toEqual({ kind: 'open' });
  });

  it('is known when it came before', () => {
    const one = seen('instance.unresponsive', billing, 0);
    expect(correlated(one, incident(one))).toEqual({ kind: 'known' });
    expect(correlated(one, resolved(incident(one), 500))).toEqual({ kind: 'known' });
  });

  it('joins the open incident of the same process, as our own restart does', () => {
    const open = incident(seen('instance.unresponsive', billing, 0));
    const joined = { kind: 'join', id: open.incident.id, reopen: false };
    expect(correlated(seen('instance.restarted', billing, 900), open)).toEqual(joined);
    expect(correlated(seen('instance.not-ready', billing, 1200), open)).toEqual(joined);
  });

  it('of another instance of the same service is another incident', () => {
    const open = incident(seen('instance.unresponsive', billing, 0));
    expect(
      correlated(seen('instance.unresponsive', { ...billing, process: 'billing-2' }, 100), open),
    ).toEqual({
      kind: 'open',
    });
  });

  it('turns a soft incident of the same process into its own', () => {
    const stalled = incident(seen('instance.stalled', billing, 0), t0 + 1500);
    expect(correlated(seen('instance.unresponsive', billing, 800), stalled)).toEqual({
      kind: 'rediagnose',
      id: stalled.incident.id,
      absorb: [],
    });
  });

  it('that a server hangs turns the incident of one that takes no writes into its own, and not the reverse', () => {
    const readOnly = incident(seen('server.read-only', postgres, 0));
    expect(correlated(seen('server.unresponsive', postgres, 800), readOnly)).toMatchObject({
      kind: 'rediagnose',
      id: readOnly.incident.id,
    });
    const hangs = incident(seen('server.unresponsive', postgres, 0));
    expect(correlated(seen('server.read-only', postgres, 800), hangs)).toMatchObject({
      kind: 'join',
      reopen: false,
    });
  });

  it.each(['instance.stalled', 'http.unresponsive'] as const)(
    '%s of a flooded gateway belongs to the flood, whichever was seen first, and not after its end',
    (signal) => {
      const flood = incident(seen('gateway.overloaded', service('gateway'), 0));
      const held = seen(signal, service('gateway'), 500);
      expect(correlated(held, flood)).toEqual({ kind: 'join', id: flood.incident.id, reopen: false });
      expect(correlated(held, resolved(flood, 200))).toEqual({ kind: 'open' });
      const first = incident(held);
      const later = seen('gateway.overloaded', service('gateway'), 3000);
      expect(correlated(later, first)).toEqual({ kind: 'rediagnose', id: first.incident.id, absorb: [] });
      expect(correlated(later, claimMail(escalate(first, 'x', true, t0), 'escalated', 'h', t0))).toEqual({
        kind: 'open',
      });
      // A process that does not respond at all is no mere consequence, so its symptom is not held.
      expect(correlated(seen('instance.unresponsive', service('gateway'), 500), flood)).toEqual({
        kind: 'open',
      });
    },
  );

  it.each(
    (['instance.stalled', 'cpu.saturated'] as const).flatMap((cause) =>
      (['pool.exhausting', 'connections.filling'] as const).map((signal) => ({ cause, signal })),
    ),
  )('$signal of a process belongs to its $cause, whichever was seen first', ({ cause, signal }) => {
    const held = incident(seen(cause, billing, 0));
    const short = seen(signal, billing, 500);
    expect(correlated(short, held)).toEqual({ kind: 'join', id: held.incident.id, reopen: false });
    expect(correlated(short, resolved(held, 200))).toEqual({ kind: 'open' });
    expect(correlated(seen(signal, service('support'), 500), held)).toEqual({ kind: 'open' });
    const first = incident(short);
    const later = seen(cause, billing, 3000);
    expect(correlated(later, first)).toEqual({ kind: 'rediagnose', id: first.incident.id, absorb: [] });
    expect(correlated(later, claimMail(escalate(first, 'x', true, t0), 'escalated', 'h', t0))).toEqual({
      kind: 'open',
    });
  });

  it.each(['connections.lost', 'instance.not-ready', 'instance.stalled', 'http.unresponsive'] as const)(
    '%s of a dependent belongs to the incident of the server, also when it comes late',
    (signal) => {
      const server = incident(seen('server.restarted', postgres, 0));
      const joined = { kind: 'join', id: server.incident.id, reopen: false };
      expect(correlated(seen(signal, billing, 200), server)).toEqual(joined);
      expect(correlated(seen(signal, service('gateway'), 200), server)).toEqual(joined);
      // Began within the outage, reported long after it.
      const over = resolved(server, 2000);
      expect(correlated(seen(signal, billing, 12_000, {}, 9000), over)).toEqual(joined);
      expect(correlated(seen(signal, billing, 33_000, {}, 31_000), over)).toEqual({ kind: 'open' });
    },
  );

  it('that began after the server was healthy again has a cause of its own', () => {
    const over = resolved(incident(seen('server.restarted', postgres, 0)), 2000);
    expect(correlated(seen('connections.lost', billing, 15_000), over)).toEqual({ kind: 'open' });
  });

  it('that came 200 ms before the server’s own is drawn into the server’s incident', () => {
    const soft = incident(seen('connections.lost', billing, 0), t0 + 1500);
    const auth = incident(seen('connections.lost', service('auth'), 50), t0 + 1550);
    expect(correlated(seen('server.restarted', postgres, 200), soft, auth)).toEqual({
      kind: 'rediagnose',
      id: soft.incident.id,
      absorb: [auth.incident.id],
    });
  });

  it('absorbs neither an incident that was mailed, nor one that does not depend on it', () => {
    const mailed = claimMail(
      escalate(incident(seen('instance.not-ready', billing, 0)), 'x', true, t0),
      'escalated',
      'h',
      t0,
    );
    expect(correlated(seen('server.restarted', postgres, 200), mailed)).toEqual({ kind: 'open' });
    const gateway = incident(seen('http.unresponsive', service('gateway'), 0), t0 + 1500);
    expect(correlated(seen('instance.unresponsive', service('monitor'), 200), gateway)).toEqual({
      kind: 'open',
    });
  });

  it('of a process that died belongs to its server’s incident only when it suspects it', () => {
    const server = incident(seen('server.unresponsive', postgres, 0));
    expect(correlated(seen('instance.restarted', billing, 500), server)).toEqual({ kind: 'open' });
    expect(
      correlated(seen('instance.restarted', billing, 500, { suspects: ['postgres'] }), server),
    ).toMatchObject({
      kind: 'join',
    });
  });

  it('shares an incident with others that suspect the same server', () => {
    const first = incident(seen('instance.not-ready', billing, 0, { suspects: ['postgres'] }), t0 + 1500);
    expect(
      correlated(seen('instance.not-ready', service('auth'), 300, { suspects: ['postgres'] }), first),
    ).toMatchObject({
      kind: 'join',
      id: first.incident.id,
    });
    expect(correlated(seen('instance.not-ready', service('auth'), 300), first)).toEqual({ kind: 'open' });
  });

  it('right after the end reopens the incident, and later is a new one', () => {
    const over = resolved(incident(seen('instance.unresponsive', billing, 0)), 2000);
    expect(correlated(seen('instance.unresponsive', billing, 9000), over)).toMatchObject({
      kind: 'join',
      reopen: true,
    });
    expect(correlated(seen('instance.unresponsive', billing, 13_000), over)).toEqual({ kind: 'open' });
  });

  it('of the boot that an act of the healer caused, reported after the end, reopens nothing', () => {
    const over = resolved(incident(seen('server.unresponsive', nats, 0)), 3000);
    expect(correlated(seen('server.restarted', nats, 3500, {}, 4000), over)).toMatchObject({
      kind: 'join',
      reopen: false,
    });
    expect(correlated(seen('server.restarted', nats, 3500, {}, 100), over)).toMatchObject({
      kind: 'join',
      reopen: true,
    });
  });

  it('that needs a human is never hidden by another incident, nor hides one', () => {
    const server = incident(seen('server.restarted', postgres, 0));
    expect(correlated(seen('dead-letters.present', billing, 100), server)).toEqual({ kind: 'open' });
    const letters = escalate(incident(seen('dead-letters.present', billing, 0)), 'x', true, t0);
    expect(correlated(seen('instance.unresponsive', billing, 100), letters)).toEqual({ kind: 'open' });
    expect(correlated(seen('dead-letters.present', billing, 100), letters)).toMatchObject({ kind: 'join' });
  });

  it('that clears goes to the incident where it fired; an unknown one is ignored', () => {
    const one = seen('instance.unresponsive', billing, 0);
    const open = joinSymptom(incident(seen('server.unresponsive', postgres, 0)), one, t0);
    expect(correlated({ ...one, state: 'cleared' }, open)).toMatchObject({
      kind: 'join',
      id: open.incident.id,
    });
    expect(correlated(seen('instance.stalled', billing, 0, { state: 'cleared' }), open)).toEqual({
      kind: 'ignore',
    });
  });
});
