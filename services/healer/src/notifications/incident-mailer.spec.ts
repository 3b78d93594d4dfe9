import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { AppError, type Incident, UNAVAILABLE } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryBucket } from '../../test/memory-bucket.ts';
import { symptom } from '../../test/symptoms.ts';
import { IncidentRepository } from '../incidents/incident.repository.ts';
import { openIncident, reopen } from '../incidents/incident.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { escalate, resolve } from '../incidents/treatment.ts';
import { IncidentMailer } from './incident-mailer.ts';

/** A mail server that takes, refuses or keeps waiting, and healers that die with what they know. */
describe('the one mail of an incident that comes back', () => {
  let bucket: MemoryBucket<IncidentRecord>;
  let id: string;
  const sent: Pick<Incident, 'status'>[] = [];
  const ends: (() => Promise<unknown>)[] = [];
  let taken: (() => Promise<void>) | null = null;
  let refusals = 0;

  /** A healer over the same bucket. `dead`: it gets no response any more, and writes nothing. */
  const healer = (boot: string, instance = 'healer', clock = Date.now) => {
    const incidents = new IncidentRepository(bucket, () => undefined);
    bucket.watch((key, stored) => incidents.onStored(key, stored));
    const sender = {
      incident: async ({ status }: Incident) => {
        if (refusals > 0) {
          refusals--;
          throw new AppError(UNAVAILABLE);
        }
        sent.push({ status });
        await taken?.();
      },
    };
    const silent = { log: () => undefined };
    const mailer = new IncidentMailer(incidents, sender, { instance, boot, recipients: 1 }, clock, silent);
    ends.push(() => mailer.stop());
    return { incidents, mailer, load: () => incidents.load() };
  };
  const change = (incidents: IncidentRepository, next: (record: IncidentRecord) => IncidentRecord) =>
    incidents.change(id, next);
  const close = (incidents: IncidentRepository) =>
    change(incidents, (one) => resolve(one, 'well', Date.now()));
  const comeBack = (incidents: IncidentRepository) =>
    change(incidents, (one) => reopen(one, symptom('instance.unresponsive'), Date.now()));
  const isSent = (incidents: IncidentRepository) =>
    eventually(() => expect(incidents.get(id)?.mail?.sent).toBe(true), { timeoutMs: 10_000 });

  beforeEach(() => {
    bucket = new MemoryBucket();
    sent.length = 0;
    refusals = 0;
    taken = null;
  });
  afterEach(async () => {
    taken = null;
    for (const end of ends.splice(0)) await end();
  });
  const open = async (incidents: IncidentRepository) => {
    const options = { now: Date.now(), holdUntil: null, traceparent: null, traceId: null, experiment: null };
    id = (await incidents.insert(openIncident(symptom('instance.unresponsive'), options))).incident.id;
  };

  it('is left to who took it over by one that was only frozen', async () => {
    const frozen = healer('1');
    await open(frozen.incidents);
    await close(frozen.incidents);
    refusals = 2;
    frozen.mailer.notify(id, 'resolved');
    await eventually(() => expect(refusals).toBe(1));
    const other = healer('1', 'healer-2', () => Date.now() + 180_000);
    await other.load();
    other.mailer.sweep();
    await eventually(() => expect(refusals).toBe(0));
    taken = () => sleep(1_500); // a slow mail server: the first sender is still busy when the other one would begin
    await isSent(other.incidents);
    expect(sent).toEqual([{ status: 'resolved' }]);
  });

  it('reports the resolution, also when it is the second one', async () => {
    const { incidents, mailer } = healer('1');
    await open(incidents);
    for (let round = 0; round < 3; round++) {
      await close(incidents);
      mailer.notify(id, 'resolved');
      mailer.sweep();
      await isSent(incidents);
      await comeBack(incidents);
    }
    await close(incidents);
    mailer.sweep();
    await mailer.stop();
    expect(sent).toEqual([{ status: 'resolved' }]);
  });

  it('that could not be sent before it came back cries for no help, and is sent at the end', async () => {
    const { incidents, mailer } = healer('1');
    await open(incidents);
    await close(incidents);
    refusals = 1;
    mailer.notify(id, 'resolved');
    await eventually(() => refusals === 0);
    await comeBack(incidents);
    await eventually(() => expect(incidents.get(id)?.mail).toBeNull(), { timeoutMs: 10_000 });
    mailer.sweep();
    expect(sent).toEqual([]);
    await close(incidents);
    mailer.notify(id, 'resolved');
    await isSent(incidents);
    expect(sent).toEqual([{ status: 'resolved' }]);
  });

  it('whose sender died before it noted it cries for no help while it is back', async () => {
    const first = healer('1');
    await open(first.incidents);
    await close(first.incidents);
    // It went out, and nothing that the sender does afterwards counts any more.
    taken = () => new Promise(() => undefined);
    first.mailer.notify(id, 'resolved');
    await eventually(() => sent.length === 1);
    ends.length = 0;
    taken = null;
    await comeBack(first.incidents);

    const next = healer('2');
    await next.load();
    for (let round = 0; round < 10; round++) {
      next.mailer.sweep();
      await nextTurn();
    }
    expect(sent).toEqual([{ status: 'resolved' }]);
    await next.mailer.stop();

    // It is not known whether the mail arrived: in the end it is sent again, with the same message id.
    const last = healer('3');
    await last.load();
    await close(last.incidents);
    last.mailer.notify(id, 'resolved');
    await eventually(() => {
      last.mailer.sweep();
      expect(last.incidents.get(id)?.mail?.sent).toBe(true);
    });
    expect(sent).toEqual([{ status: 'resolved' }, { status: 'resolved' }]);
  });

  it('does not suppress the escalation of an incident that came back and could not be healed', async () => {
    const { incidents, mailer } = healer('1');
    await open(incidents);
    await close(incidents);
    mailer.notify(id, 'resolved');
    await isSent(incidents);
    await comeBack(incidents);
    await change(incidents, (one) => escalate(one, 'The ladder has come to its end.', true, Date.now()));
    for (let round = 0; round < 3; round++) mailer.notify(id, 'escalated');
    await eventually(() => expect(sent).toHaveLength(2));
    await isSent(incidents);
    await close(incidents);
    mailer.notify(id, 'resolved');
    mailer.sweep();
    await mailer.stop();
    expect(sent).toEqual([{ status: 'resolved' }, { status: 'escalated' }]);
  });

  it('that went out and could not be noted is noted later, and not sent again', async () => {
    const { incidents, mailer } = healer('1');
    await open(incidents);
    await close(incidents);
    let failures = 0;
    const update = bucket.update.bind(bucket);
    bucket.update = async (key, value, revision) => {
      if (value.mail?.sent && failures++ < 2) throw new Error('a fault of ours');
      return update(key, value, revision);
    };
    mailer.notify(id, 'resolved');
    await eventually(() => {
      mailer.sweep();
      expect(incidents.get(id)?.mail?.sent).toBe(true);
    });
    expect(failures).toBeGreaterThan(1);
    expect(sent).toEqual([{ status: 'resolved' }]);
  });

  it('is sent by one of two healers, whichever notices', async () => {
    const [one, two] = [healer('1'), healer('1', 'healer-2')];
    await open(one.incidents);
    await two.load();
    await close(one.incidents);
    for (const { mailer } of [one, two, one, two]) {
      mailer.notify(id, 'resolved');
      mailer.sweep();
    }
    await isSent(one.incidents);
    await comeBack(two.incidents);
    await close(two.incidents);
    for (const { mailer } of [one, two]) mailer.sweep();
    for (const { mailer } of [one, two]) await mailer.stop();
    expect(sent).toEqual([{ status: 'resolved' }]);
  });
});
