import type { Pulse } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { describe, expect, it } from '@jest/globals';
import { SimulatedSystem } from '../../test/simulated-system.ts';
import { AnomalyWatch } from '../anomalies/anomaly-watch.ts';
import { MetricHistory } from '../metrics/metric-history.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const MIB = 2 ** 20;

/** Uniform numbers from 0 to 1 (Lehmer's generator), the same in each run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** How much more than usual a process does, second by second. */
type Noise = () => number;

const calmNoise = (random: () => number): Noise => {
  return () => Math.exp(0.1 * (random() + random() + random() - 1.5));
};

/** As of a process under changing load: bursts of 5 to 25 s each four minutes, a second of garbage collection each half minute. */
const wildNoise = (random: () => number): Noise => {
  let burst = 1;
  let left = 0;
  return () => {
    if (left > 0) left--;
    else {
      burst = 1;
      if (random() < 15 / 3600) {
        burst = 1.5 + 3.5 * random();
        left = 5 + Math.floor(20 * random());
      }
    }
    const pause = random() < 120 / 3600 ? 2 + 6 * random() : 1;
    return burst * pause * Math.exp(0.5 * (random() + random() + random() - 1.5));
  };
};

interface Usual {
  noise: Noise;
  /** Factor of the warm-up of a new process, or of a fault. */
  more: number;
  requests: number;
}

/** A system whose figures the detector has seen for two hours, with this noise. */
function learnedSystem(noiseOf: (random: () => number) => Noise, seed = 5) {
  const system = new SimulatedSystem();
  const logger = createLogger({ service: 'monitor', instance: 'monitor', level: 'silent' });
  const anomalies = new AnomalyWatch(logger);
  const history = new MetricHistory(anomalies);
  const usual = new Map<string, Usual>();
  const figures = (name: string): Partial<Pulse> => {
    const one = usual.get(name) as Usual;
    const noise = one.noise() * one.more;
    one.requests += Math.round(20 * noise);
    return {
      cpu_share: Math.min(2, 0.04 * noise),
      event_loop_lag_ms: 4 * noise,
      heap_used_bytes: 60 * MIB * (1 + 0.02 * noise),
      resident_bytes: 90 * MIB * (1 + 0.01 * noise),
      open_handles: Math.round(40 + 2 * noise),
      requests: { ok: one.requests, failed: 0 },
      durations: { p50_ms: 5 * noise, p95_ms: 12 * noise, p99_ms: 30 * noise },
    };
  };
  let random = seed;
  for (const [name, one] of system.instances) {
    usual.set(name, { noise: noiseOf(randomNumbers(++random * 7919)), more: 1, requests: 0 });
    one.says = () => figures(name);
    for (let at = system.now - 2 * HOUR; at < system.now; at += SECOND)
      history.record(
        {
          ...{ service: one.service, instance: name, boot_id: 'boot-1', pid: 101, sequence: 0 },
          ...{ started_at: '', sent_at: new Date(at).toISOString(), state: 'ready', in_flight: 0 },
          ...{ health_url: '', resident_bytes: 1, event_loop_lag_ms: 1, degraded: [], dependencies: [] },
          requests: { ok: 0, failed: 0 },
          ...figures(name),
        },
        at,
      );
  }
  const { watch } = system;
  const onPulse = watch.onPulse.bind(watch);
  watch.onPulse = (pulse, now) => {
    const changed = onPulse(pulse, now);
    if (watch.instances.accepted(pulse)) history.record(pulse, now);
    return changed;
  };
  const run = (ms: number) => {
    for (const until = system.now + ms; system.now < until; ) {
      system.run(SECOND);
      watch.odd(anomalies.persisting());
    }
  };
  const of = (name: string) => usual.get(name) as Usual;
  return { system, run, of };
}

describe('anomaly.persists', () => {
  it.each([
    ['that was there before', wildNoise],
    ['that begins now', calmNoise],
  ])('says nothing in 30 minutes of normal load with noise %s, and deployments', (_, before) => {
    const { system, run, of } = learnedSystem(before);
    let seed = 100;
    for (const name of system.instances.keys()) of(name).noise = wildNoise(randomNumbers(++seed));
    for (const service of ['billing', 'support', 'billing'] as const) {
      run(5 * MINUTE);
      system.stop(service);
      run(3 * SECOND);
      const says = system.instance(service).says;
      system.start(service, service);
      system.instance(service).says = says;
      of(service).requests = 0;
      for (let warm = 6; warm > 1; warm--) {
        of(service).more = warm;
        run(10 * SECOND);
      }
      of(service).more = 1;
      run(4 * MINUTE);
    }
    expect(system.elapsedMs).toBeGreaterThanOrEqual(29 * MINUTE);
    expect(system.signals()).toEqual([]);
  });

  it('is published once after five minutes, with what is odd, and ends with it', () => {
    const { system, run, of } = learnedSystem(calmNoise);
    run(6 * MINUTE);
    of('support').more = 8;
    run(5 * MINUTE);
    expect(system.signals()).toEqual([]);
    run(3 * MINUTE);
    expect(system.signals()).toEqual(['firing anomaly.persists support']);
    const { evidence, began_at } = system.published[0]!.symptom;
    expect(evidence).toMatchObject({
      anomalies: expect.arrayContaining([
        expect.objectContaining({ series: 'service:support/event_loop_delay_ms', unit: 'ms' }),
      ]),
    });
    expect(Date.parse(began_at)).toBeLessThan(system.now - 6 * MINUTE);
    of('support').more = 1;
    run(3 * MINUTE);
    expect(system.signals()).toEqual(['firing anomaly.persists support', 'cleared anomaly.persists support']);
  });

  it('is not published of what a fault explains, though it lasts longer than the fault', () => {
    const { system, run, of } = learnedSystem(calmNoise);
    run(6 * MINUTE);
    system.servers.get('postgres')!.life = 'frozen';
    of('support').more = 8;
    run(6 * MINUTE);
    system.servers.get('postgres')!.life = 'alive';
    run(20 * MINUTE);
    expect(system.signals().filter((signal) => signal.includes('anomaly'))).toEqual([]);
    expect(system.signals()).toContain('firing server.unresponsive postgres');
  });

  it('ends when the process is gone, and is not published of a silent one', () => {
    const { system, run, of } = learnedSystem(calmNoise);
    run(6 * MINUTE);
    of('support').more = 8;
    run(2 * MINUTE);
    system.instance('support').muted = true;
    run(10 * MINUTE);
    expect(system.signals().filter((signal) => signal.includes('anomaly'))).toEqual([]);
  });
});
