import { createLogger } from '@gridworks/observability';
import { describe, expect, it } from '@jest/globals';
import { MemoryBucket } from '../../test/memory-bucket.ts';
import { symptom } from '../../test/symptoms.ts';
import { IncidentRepository } from '../incidents/incident.repository.ts';
import { openIncident, publishHeld } from '../incidents/incident.ts';
import type { IncidentRecord } from '../incidents/incident-record.ts';
import { resolve } from '../incidents/treatment.ts';
import type { HistoryRepository } from './history.repository.ts';
import type { IncidentPages } from './incident-pages.ts';
import { ListIncidentsHandler } from './list-incidents.handler.ts';

const options = { traceparent: null, traceId: null, experiment: null };

describe('the list of incidents', () => {
  const fixture = () => {
    const bucket = new MemoryBucket<IncidentRecord>();
    const incidents = new IncidentRepository(bucket, () => undefined);
    const none = { page: async () => [] } as unknown as HistoryRepository;
    const handler = new ListIncidentsHandler(
      incidents,
      none,
      createLogger({ service: 'healer', instance: 'healer', level: 'silent' }),
      none as unknown as IncidentPages,
    );
    let now = 1_800_000_000_000;
    const open = async (holdUntil: number | null = null) => {
      now += 1000;
      const record = openIncident(symptom('instance.unresponsive'), { now, holdUntil, ...options });
      return (await incidents.insert(record)).incident.id;
    };
    const list = async (query: { limit?: number; starting_after?: string; ending_before?: string } = {}) => {
      const { data, has_more } = await handler.handle({ limit: 10, ...query });
      return { ids: data.map(({ id }) => id), more: has_more };
    };
    return { bucket, incidents, open, list, now: () => now };
  };

  it('shows a follower what was held back and became public after younger ones', async () => {
    const { bucket, incidents, open, list, now } = fixture();
    const first = await open();
    const held = await open(1_900_000_000_000);
    const second = await open();
    expect(await list()).toEqual({ ids: [second, first], more: false });
    expect(await list({ ending_before: first })).toEqual({ ids: [second], more: false });
    await incidents.change(held, (record) => publishHeld(record, now()));
    expect(await list({ ending_before: second })).toEqual({ ids: [held], more: false });
    expect(await list()).toEqual({ ids: [held, second, first], more: false });

    // Further changes move nothing, and another healer sees the same order.
    for (const id of [first, second, held])
      await incidents.change(id, (record) => resolve(record, 'healthy', now()));
    expect((await list()).ids).toEqual([held, second, first]);
    const other = new IncidentRepository(bucket, () => undefined);
    await other.load();
    expect(other.listed().map(({ record }) => record.incident.id)).toEqual([held, second, first]);
  });

  it('goes there and back page by page, also from an incident that is gone', async () => {
    const { incidents, open, list } = fixture();
    const ids: string[] = [];
    for (let i = 0; i < 6; i++) ids.unshift(await open());
    expect(await list({ limit: 2 })).toEqual({ ids: ids.slice(0, 2), more: true });
    expect(await list({ limit: 2, starting_after: ids[1]! })).toEqual({ ids: ids.slice(2, 4), more: true });
    expect(await list({ limit: 2, ending_before: ids[4]! })).toEqual({ ids: ids.slice(2, 4), more: true });
    await incidents.remove(ids[2]!);
    expect(await list({ starting_after: ids[2]! })).toEqual({ ids: ids.slice(3), more: false });
    expect(await list({ ending_before: ids[2]! })).toEqual({ ids: ids.slice(0, 2), more: false });
    expect(await list({ ending_before: ids[0]! })).toEqual({ ids: [], more: false });
    expect(await list({ starting_after: ids[5]! })).toEqual({ ids: [], more: false });
  });
});
