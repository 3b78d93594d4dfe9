import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { MemoryBucket } from '../../test/memory-bucket.ts';
import { billing, symptom } from '../../test/symptoms.ts';
import { IncidentRepository } from './incident.repository.ts';
import { joinSymptom, openIncident } from './incident.ts';
import type { IncidentRecord } from './incident-record.ts';
import { intend, resolve } from './treatment.ts';

const options = { holdUntil: null, traceparent: null, traceId: null, experiment: null };
const record = (now = Date.now()) => openIncident(symptom('instance.unresponsive'), { now, ...options });
const fixture = () => {
  const bucket = new MemoryBucket<IncidentRecord>();
  const published: number[] = [];
  const repository = () =>
    new IncidentRepository(bucket, ({ incident }) => void published.push(incident.revision));
  return { bucket, published, repository };
};

describe('the incidents in the bucket', () => {
  it('lose no change when two healers write at once', async () => {
    const { bucket, repository } = fixture();
    const [one, two] = [repository(), repository()];
    const { id } = (await one.insert(record())).incident;
    await two.load();
    const writes = Array.from({ length: 8 }, (_, index) =>
      (index % 2 ? one : two).change(id, (latest) =>
        joinSymptom(latest, symptom('connections.lost'), Date.now()),
      ),
    );
    await Promise.all(writes);
    expect((await bucket.get(id))?.value.incident).toMatchObject({ revision: 9 });
    expect((await bucket.get(id))?.value.incident.symptoms).toHaveLength(9);
  });

  it('know, when the answer was lost, that the write did happen', async () => {
    const { bucket, repository } = fixture();
    const one = repository();
    bucket.loseNextResponse = true;
    const { id } = (await one.insert(record())).incident;
    bucket.loseNextResponse = true;
    const act = { id: 'act_1', remedy: 'platform.restart' as const, target: billing, epoch: 1 };
    const written = await one.change(id, (latest) => intend(latest, act, 'about to', Date.now()));
    expect(written.incident.actions).toHaveLength(1);
    expect(written.incident.revision).toBe(2);
  });

  it('wait for the bus instead of going on unrecorded', async () => {
    const { bucket, repository } = fixture();
    const one = repository();
    const { id } = (await one.insert(record())).incident;
    bucket.away = true;
    let written = false;
    const writing = one
      .change(id, (latest) => resolve(latest, 'well', Date.now()))
      .then(() => {
        written = true;
      });
    await sleep(150);
    expect(written).toBe(false);
    bucket.away = false;
    await writing;
    expect(one.get(id)?.incident.status).toBe('resolved');
  });

  it('stop waiting when the healer stops', async () => {
    const { bucket, repository } = fixture();
    const one = repository();
    const { id } = (await one.insert(record())).incident;
    bucket.away = true;
    const writing = one.change(id, (latest) => resolve(latest, 'well', Date.now()));
    one.close();
    await expect(writing).rejects.toMatchObject({ code: 'PLATFORM.UNAVAILABLE' });
  });

  it('write and tell nothing when nothing changed', async () => {
    const { repository, published } = fixture();
    const one = repository();
    const { id } = (await one.insert(record())).incident;
    await one.change(id, (latest) => latest);
    expect(published).toEqual([1]);
  });

  it('never fill the bucket: the oldest that have ended leave it', async () => {
    const { bucket, repository } = fixture();
    const one = repository();
    const stillOpen = (await one.insert(record(1000))).incident.id;
    for (let i = 0; i < 220; i++) {
      const { id } = (await one.insert(record(10_000 + i * 1000))).incident;
      await one.change(id, (latest) => resolve(latest, 'well', 20_000));
    }
    await sleep(1);
    expect((await bucket.keys()).length).toBeLessThanOrEqual(203);
    expect(one.get(stillOpen)).not.toBeNull();
  });

  it('do not go back to an older state that comes late', async () => {
    const { bucket, repository } = fixture();
    const one = repository();
    const { id } = (await one.insert(record())).incident;
    const old = await bucket.get(id);
    await one.change(id, (latest) => resolve(latest, 'well', Date.now()));
    one.onStored(id, old);
    expect(one.get(id)?.incident.status).toBe('resolved');
  });
});
