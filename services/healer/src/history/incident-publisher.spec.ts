import { setTimeout as sleep } from 'node:timers/promises';
import { AppError, type Incident, UNAVAILABLE } from '@gridworks/contracts';
import { eventually } from '@gridworks/testing';
import { describe, expect, it } from '@jest/globals';
import { symptom } from '../../test/symptoms.ts';
import { joinSymptom, openIncident, publishHeld } from '../incidents/incident.ts';
import { IncidentPublisher } from './incident-publisher.ts';

const options = { now: Date.now(), holdUntil: null, traceparent: null, traceId: null, experiment: null };
const opened = () => openIncident(symptom('instance.unresponsive'), options);
const further = (record: ReturnType<typeof opened>) =>
  joinSymptom(record, symptom('connections.lost'), Date.now());

describe('telling how incidents go on', () => {
  const published: { revision: number; dedupId: string }[] = [];
  let away = false;
  const publisher = () => {
    published.length = 0;
    return new IncidentPublisher(
      async (incident: Incident, { dedupId }) => {
        await sleep(5);
        if (away) throw new AppError(UNAVAILABLE);
        published.push({ revision: incident.revision, dedupId });
      },
      { log: () => undefined },
    );
  };

  it('is in order, and the last state is always published', async () => {
    const one = publisher();
    let record = opened();
    for (let i = 0; i < 20; i++) {
      one.changed(record);
      record = further(record);
      if (i % 5 === 0) await sleep(7);
    }
    one.changed(record);
    await eventually(() => expect(published.at(-1)?.revision).toBe(21));
    const revisions = published.map(({ revision }) => revision);
    expect(revisions).toEqual([...revisions].sort((a, b) => a - b));
    expect(published.at(-1)?.dedupId).toBe(`${record.incident.id}.21`);
  });

  it('waits for the bus, and then publishes the latest state', async () => {
    const one = publisher();
    const record = opened();
    away = true;
    one.changed(record);
    await sleep(20);
    one.changed(further(record));
    away = false;
    await eventually(() => expect(published.map(({ revision }) => revision)).toEqual([2]));
  });

  it('says nothing of what is still held back, and no state twice', async () => {
    const one = publisher();
    const held = openIncident(symptom('connections.lost'), { ...options, holdUntil: Date.now() + 1500 });
    one.changed(held);
    const record = publishHeld(held, Date.now());
    one.changed(record);
    await eventually(() => published.length === 1);
    one.changed(record);
    one.changed(held);
    await one.stop();
    expect(published.map(({ revision }) => revision)).toEqual([2]);
  });

  it('publishes recent changes again after a restart, and nothing old', async () => {
    const one = publisher();
    const old = openIncident(
      symptom('instance.stalled', undefined, { observed_at: '2026-01-05T10:00:00.000Z' }),
      options,
    );
    one.repeat([opened(), old], Date.now());
    await eventually(() => published.length === 1);
    await one.stop();
    expect(published).toHaveLength(1);
  });
});
