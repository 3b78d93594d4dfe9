import type { Pulse } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { SimulatedSystem } from '../../test/simulated-system.ts';
import { forecastViews } from '../watch/forecast-views.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

const calm = (): SimulatedSystem => {
  const system = new SimulatedSystem();
  system.run(5 * SECOND);
  return system;
};

const EASY = { level: 'normal', mode: 'auto', queued_total: 0, refused_total: 0 } as const;

function pools(system: SimulatedSystem, inUse: (minutes: number) => number): void {
  const began = system.now;
  system.instance('billing').says = (now): Partial<Pulse> => ({
    dependencies: [
      {
        ...{ name: 'postgres', critical: true, status: 'up', connections_lost: 0, boot: 'postgres-1' },
        pool: { in_use: Math.floor(inUse((now - began) / MINUTE)), waiting: 0, max: 20, ...EASY },
      },
    ],
  });
}

function disks(system: SimulatedSystem, used: (minutes: number) => number): void {
  const began = system.now;
  const machine = { name: 'portal-1', load_1m: 1, memory_free_bytes: 1, memory_total_bytes: 2 };
  for (const one of system.instances.values())
    one.says = (now) => ({
      machine,
      disk_free_bytes: 1e11 * (1 - used((now - began) / MINUTE)),
      disk_total_bytes: 1e11,
    });
}

describe('forecasts', () => {
  it('report a pool that lends and does not get back, before it is empty, and clear when it has', () => {
    const system = calm();
    pools(system, (minutes) => 2 + minutes);
    while (system.signals().length === 0 && system.elapsedMs < 17 * MINUTE) system.run(SECOND);
    const [first] = system.published;
    expect(first?.symptom).toMatchObject({
      signal: 'connections.filling',
      target: { process: 'billing' },
      evidence: { limit: 20, forecast: { full_at: expect.any(String), confidence: expect.any(Number) } },
    });
    expect(first?.symptom.evidence.used).toBeLessThan(19);
    pools(system, () => 2);
    system.run(2 * MINUTE);
    expect(system.signals()).toEqual([
      'firing connections.filling billing',
      'cleared connections.filling billing',
    ]);
  });

  it('report a disk half a day before it is full, once', () => {
    const system = calm();
    disks(system, (minutes) => 0.6 + minutes * 0.002);
    while (system.signals().length === 0 && system.elapsedMs < 150 * MINUTE) system.run(10 * SECOND);
    expect(system.signals()).toEqual(['firing disk.filling auth']);
    expect(system.published[0]?.symptom.evidence).toMatchObject({
      component: 'machine:portal-1',
      forecast: { confidence: expect.any(Number) },
    });
    system.run(30 * MINUTE);
    expect(system.signals()).toHaveLength(1);
  });

  it('report a stream before it is full', () => {
    const system = calm();
    for (let seconds = 0; system.signals().length === 0 && seconds < 20 * 60; seconds += 5) {
      system.watch.used({ bytes: 0.3e9 + seconds * 0.4e6, maxBytes: 1e9 }, system.now);
      system.run(5 * SECOND);
    }
    expect(system.published[0]?.symptom).toMatchObject({
      signal: 'stream.filling',
      target: { process: 'nats' },
      evidence: { forecast: { full_at: expect.any(String) } },
    });
    expect(Number(system.published[0]?.symptom.evidence.used)).toBeLessThan(0.8e9);
  });

  it('say nothing in 30 minutes of use that comes and goes', () => {
    const system = calm();
    let state = 7;
    const random = () => {
      state = (state * 48_271) % 2_147_483_647;
      return state / 2_147_483_647;
    };
    pools(system, (minutes) => 4 + 6 * random() + 4 * Math.sin(minutes));
    for (let seconds = 0; seconds < 30 * 60; seconds += 5) {
      system.watch.used({ bytes: 0.5e9 + 0.1e9 * random(), maxBytes: 1e9 }, system.now);
      system.run(5 * SECOND);
    }
    expect(system.signals()).toEqual([]);
  });

  it('are listed with use, limit and age, the soonest end first', () => {
    const system = calm();
    disks(system, (minutes) => 0.6 + minutes * 0.02);
    system.run(8 * MINUTE);
    pools(system, () => 3);
    system.run(2 * SECOND);
    const views = forecastViews(system.watch.forecasts, system.watch.instances.all(), system.now);
    expect(views).toMatchObject([
      {
        resource: 'disk',
        component: 'machine:portal-1',
        unit: 'bytes',
        limit: 1e11,
        full_at: expect.any(String),
      },
      {
        resource: 'connections',
        component: 'service:billing',
        unit: 'count',
        now: 3,
        limit: 20,
        full_at: null,
      },
    ]);
    expect(views[0]?.confidence).toBeGreaterThan(0.8);
    // What nobody reports any more is no longer listed.
    for (const one of system.instances.values()) one.says = () => ({});
    system.run(15 * MINUTE);
    expect(forecastViews(system.watch.forecasts, system.watch.instances.all(), system.now)).toEqual([]);
  });
});
