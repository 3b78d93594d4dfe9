import type { Pulse } from '@gridworks/contracts';
import { describe, expect, it } from '@jest/globals';
import { SimulatedSystem } from '../../test/simulated-system.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** A number from 0 to 1, the same at each run. */
function noise(seed = 7): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

interface Traffic {
  /** Requests a second. */
  rate: number;
  /** Share of them that fails. */
  errors: number;
  p95: number;
  inFlight: number;
  /** Share of look-ups that the cache can answer. */
  hits: number;
}

/** Has an instance serve requests; the returned traffic may be changed at any time. */
function serves(system: SimulatedSystem, name: string, traffic: Partial<Traffic> = {}): Traffic {
  const now: Traffic = { rate: 20, errors: 0, p95: 40, inFlight: 2, hits: 0.9, ...traffic };
  const random = noise(name.length * 1000 + 1);
  const requests = { ok: 0, failed: 0 };
  const cache = { name: 'principals', hits: 0, misses: 0 };
  let pulses = 0;
  system.instance(name).says = (): Partial<Pulse> => {
    // Whole requests, by chance around the rate.
    const count = Math.floor(now.rate * (0.7 + 0.6 * random()) + random());
    for (let i = 0; i < count; i++) {
      if (random() < now.errors) requests.failed++;
      else requests.ok++;
      if (random() < now.hits) cache.hits++;
      else cache.misses++;
    }
    const p95_ms = now.p95 * (0.8 + 0.4 * random());
    const full =
      ++pulses % 10 === 0
        ? {
            durations: { p50_ms: p95_ms / 3, p95_ms, p99_ms: p95_ms * 1.2 },
            caches: [{ ...cache }],
            contracts: [],
          }
        : {};
    return { requests: { ...requests }, in_flight: now.inFlight, ...full };
  };
  return now;
}

function calm(): SimulatedSystem {
  const system = new SimulatedSystem();
  system.run(5 * SECOND);
  return system;
}

const CASES: readonly [string, Partial<Traffic>, Partial<Traffic>, number][] = [
  ['requests.failing', { errors: 0.09 }, { errors: 0.005 }, 45],
  ['requests.slow', { p95: 3000 }, { p95: 60 }, 45],
  ['throughput.low', { rate: 6, inFlight: 30 }, { rate: 20, inFlight: 2 }, 45],
  ['cache.missing', { hits: 0.1 }, { hits: 0.9 }, 130],
];

describe('figures of requests', () => {
  it.each(CASES)(
    '%s fires, stays one symptom, and clears on the way back',
    (signal, wrong, right, seconds) => {
      const system = calm();
      const traffic = serves(system, 'support');
      system.run(12 * MINUTE);
      expect(system.signals()).toEqual([]);
      Object.assign(traffic, wrong);
      const since = system.elapsedMs;
      system.run(5 * MINUTE);
      expect(system.signals()).toEqual([`firing ${signal} support`]);
      expect(system.publishedAfter(signal, since)).toBeLessThanOrEqual(seconds * SECOND);
      Object.assign(traffic, right);
      system.run(3 * MINUTE);
      expect(system.signals()).toEqual([`firing ${signal} support`, `cleared ${signal} support`]);
    },
  );

  it.each([
    ['one of ten requests that fails', { rate: 0.3, errors: 0.1 }],
    ['one slow request now and then', { rate: 0.5, p95: 8000 }],
    ['less demand', { rate: 2, inFlight: 1 }],
    ['no demand', { rate: 0, inFlight: 0 }],
    ['a cache that is hardly asked', { rate: 1, hits: 0 }],
    ['figures just within', { errors: 0.03, p95: 1500, hits: 0.4, inFlight: 4, rate: 12 }],
  ] as [string, Partial<Traffic>][])('are no fault: %s', (_what, wrong) => {
    const system = calm();
    const traffic = serves(system, 'support');
    system.run(12 * MINUTE);
    Object.assign(traffic, wrong);
    system.run(15 * MINUTE);
    expect(system.signals()).toEqual([]);
  });

  it('raise nothing in 30 minutes of noisy normal load of all services', () => {
    const system = calm();
    const random = noise(99);
    const all = [...system.instances.keys()].map((name) => serves(system, name));
    for (let second = 0; second < 30 * 60; second += 5) {
      for (const traffic of all) {
        // Bursts and lulls, some errors, slow moments, a cold cache now and then.
        traffic.rate = 40 * random() * (1 + Math.sin(second / 200));
        traffic.errors = 0.02 * random();
        traffic.p95 = random() < 0.05 ? 2500 : 400 * random();
        traffic.inFlight = Math.floor(20 * random() ** 3);
        traffic.hits = 0.4 + 0.6 * random();
      }
      system.run(5 * SECOND);
    }
    expect(system.signals()).toEqual([]);
  });

  it('name the service behind the gateway, once', () => {
    const system = calm();
    const [gateway, support] = ['gateway', 'support'].map((name) => serves(system, name));
    system.run(2 * MINUTE);
    Object.assign(gateway!, { errors: 0.2 });
    Object.assign(support!, { errors: 0.4 });
    system.run(3 * MINUTE);
    expect(system.signals()).toEqual(['firing requests.failing support']);
  });

  it('name it also when the figures of the gateway were bad for long enough first', () => {
    const system = calm();
    const [gateway, support] = ['gateway', 'support'].map((name) => serves(system, name));
    system.run(2 * MINUTE);
    Object.assign(gateway!, { p95: 4000 });
    system.run(10 * SECOND);
    Object.assign(support!, { p95: 6000 });
    system.run(3 * MINUTE);
    expect(system.signals()).toEqual(['firing requests.slow support']);
    // On the way back they are good for a moment later.
    Object.assign(support!, { p95: 40 });
    system.run(12 * SECOND);
    Object.assign(gateway!, { p95: 40 });
    system.run(2 * MINUTE);
    expect(system.signals()).toEqual(['firing requests.slow support', 'cleared requests.slow support']);
  });

  it('are explained by a process that is blocked, is becoming too busy, or by a server', () => {
    const system = calm();
    const traffic = serves(system, 'gateway');
    system.run(MINUTE);
    Object.assign(traffic, { errors: 0.5 });
    system.instance('billing').lagMs = 1500;
    system.run(MINUTE);
    expect(system.signals()).toEqual(['firing instance.stalled billing']);
    system.instance('billing').lagMs = 250;
    system.instance('billing').says = () => ({ cpu_share: 0.95 });
    system.run(MINUTE);
    expect(system.signals().filter((text) => text.includes('requests'))).toEqual([]);
    system.instance('billing').says = () => ({ cpu_share: 0.05 });
    system.instance('billing').lagMs = 1;
    system.servers.get('redis')!.life = 'gone';
    system.run(MINUTE);
    expect(system.signals().filter((text) => text.includes('requests'))).toEqual([]);
    system.servers.get('redis')!.life = 'alive';
    system.run(MINUTE);
    expect(system.signals().filter((text) => text.includes('requests'))).toEqual([
      'firing requests.failing gateway',
    ]);
  });
});
