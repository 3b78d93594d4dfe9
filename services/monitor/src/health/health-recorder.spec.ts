import type { HealthCheck } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { describe, expect, it } from '@jest/globals';
import type { HealthCheckRepository, Written } from './health-check.repository.ts';
import { HealthRecorder } from './health-recorder.ts';

const check = (status: HealthCheck['status']): HealthCheck => ({
  component: 'server:postgres',
  status,
  observed_at: '2026-01-05T10:00:00.000Z',
  latency_ms: null,
  detail: null,
});

function recording(outcome: () => Promise<Written>) {
  const batches: (readonly HealthCheck[])[] = [];
  let cleaned = 0;
  const repository = {
    write: async (checks: readonly HealthCheck[]) => {
      batches.push(checks);
      return outcome();
    },
    deleteOld: async () => ++cleaned,
  } as unknown as HealthCheckRepository;
  const logger = createLogger({ service: 'monitor', instance: 'monitor', level: 'silent' });
  const recorder = new HealthRecorder(repository, logger);
  /** A look every second, at something that is another way each time. */
  const update = async (seconds: number, from = 0) => {
    for (let second = from; second < from + seconds; second++) {
      recorder.update([check(second % 2 ? 'pass' : 'fail')], second * 1000);
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { recorder, batches, update, cleaned: () => cleaned };
}

describe('HealthRecorder', () => {
  it('writes each change at once', async () => {
    const { batches, update, cleaned } = recording(async () => 'written');
    await update(10);
    expect(batches.map(({ length }) => length)).toEqual(Array(10).fill(1));
    expect(cleaned()).toBe(1);
  });

  it('queues every half minute only, and leaves nothing out', async () => {
    const { batches, update, cleaned } = recording(async () => 'queued');
    await update(61);
    expect(batches.map(({ length }) => length)).toEqual([1, 30, 30]);
    expect(cleaned()).toBe(0);
  });

  it('goes back to writing at once when the database is back', async () => {
    let away = true;
    const { batches, update } = recording(async () => (away ? 'queued' : 'written'));
    await update(3);
    away = false;
    await update(31, 3);
    expect(batches.map(({ length }) => length)).toEqual([1, 30, 1, 1, 1]);
  });

  it('continues after rows that could not be written', async () => {
    let broken = true;
    const { batches, update } = recording(async () => {
      if (broken) throw new Error('neither took it');
      return 'written';
    });
    await update(2);
    broken = false;
    await update(2, 2);
    expect(batches.map(([row]) => row?.status)).toEqual(['fail', 'pass', 'fail', 'pass']);
  });
});
