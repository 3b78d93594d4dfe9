import { describe, expect, it } from '@jest/globals';
import { SimulatedSystem } from '../../test/simulated-system.ts';
import { healthChecks } from '../health/system-health.ts';

function calm(): SimulatedSystem {
  const system = new SimulatedSystem();
  system.run(10_000);
  expect(system.signals()).toEqual([]);
  return system;
}

describe('gateway.overloaded', () => {
  it('fires once while the gateway reports that it refuses requests, and clears once', () => {
    const system = calm();
    const gateway = system.instance('gateway');
    gateway.says = () => ({ degraded: ['overload: some requests are refused'] });
    system.run(30_000);
    expect(system.signals()).toEqual(['firing gateway.overloaded gateway']);
    gateway.says = () => ({});
    system.run(30_000);
    expect(system.signals()).toEqual([
      'firing gateway.overloaded gateway',
      'cleared gateway.overloaded gateway',
    ]);
  });

  it('does not fire for a moment of overload, nor for other reasons to be degraded', () => {
    const system = calm();
    const gateway = system.instance('gateway');
    gateway.says = () => ({ degraded: ['overload: some requests are refused'] });
    system.run(1500);
    gateway.says = () => ({ degraded: ['redis is away: slower'] });
    system.run(30_000);
    expect(system.signals()).toEqual([]);
  });
});

describe('pool.exhausting', () => {
  const pool = (more: object) => ({
    dependencies: [
      {
        ...{ name: 'postgres', critical: true, status: 'up' as const, connections_lost: 0, boot: null },
        pool: {
          ...{ in_use: 17, waiting: 3, max: 20, level: 'warning' as const, mode: 'auto' as const },
          ...{ queued_total: 0, refused_total: 0, ...more },
        },
      },
    ],
  });

  it('fires while critical requests wait for a connection, and clears', () => {
    const system = calm();
    system.instance('auth').says = () => pool({ level: 'emergency' });
    system.run(5000);
    expect(system.signals()).toEqual(['firing pool.exhausting auth']);
    system.instance('auth').says = () => pool({ level: 'normal', waiting: 0 });
    system.run(10_000);
    expect(system.signals()).toEqual(['firing pool.exhausting auth', 'cleared pool.exhausting auth']);
  });

  it('fires within two seconds of the first refusal, although refusals come in bursts', () => {
    const system = calm();
    let refused = 0;
    let pulses = 0;
    system.instance('auth').says = () => {
      if (pulses++ % 2 === 0) refused += 30;
      return pool({ refused_total: refused });
    };
    system.run(2300); // a pulse, and what a pulse may be late
    expect(system.signals()).toEqual(['firing pool.exhausting auth']);
    system.run(20_000);
    expect(system.signals()).toEqual(['firing pool.exhausting auth']);
  });

  it('does not fire for a warning that a short wait eases, nor for an emergency that nobody waits in', () => {
    const system = calm();
    system.instance('auth').says = () => pool({});
    system.run(30_000);
    system.instance('auth').says = () => pool({ level: 'emergency', waiting: 0 });
    system.run(30_000);
    expect(system.signals()).toEqual([]);
  });
});

describe('disk.filling', () => {
  const used =
    (share: number, folder = '/data') =>
    () => ({
      disk_free_bytes: 1e9 * (1 - share),
      disk_total_bytes: 1e9,
      disk_folder: folder,
    });
  const all = (system: SimulatedSystem, share: number) => {
    for (const one of system.instances.values()) one.says = used(share);
    system.run(60_000);
  };

  it('fires once for a disk that all share, and clears when there is space again', () => {
    const system = calm();
    all(system, 0.84);
    expect(system.signals()).toEqual([]);
    all(system, 0.86);
    expect(system.signals()).toEqual(['firing disk.filling auth']);
    expect(system.published[0]?.symptom.evidence).toMatchObject({ used: '86 %', disk_folder: '/data' });
    // Between the two limits nothing changes, in either direction.
    all(system, 0.81);
    expect(system.signals()).toHaveLength(1);
    all(system, 0.79);
    expect(system.signals()).toEqual(['firing disk.filling auth', 'cleared disk.filling auth']);
    all(system, 0.84);
    expect(system.signals()).toHaveLength(2);
  });

  it('fires for each disk', () => {
    const system = calm();
    system.instance('billing').says = used(0.9, '/journal');
    system.instance('support').says = used(0.9, '/data');
    system.run(60_000);
    expect(system.signals().sort()).toEqual(['firing disk.filling billing', 'firing disk.filling support']);
  });

  it('is a warning of the health, too', () => {
    const system = calm();
    system.instance('billing').says = used(0.9);
    system.run(60_000);
    const { servers, gatewayHttp, instances } = system.watch;
    const checks = healthChecks(
      { instances: instances.all(), servers: servers.values(), gatewayHttp, connected: true },
      system.now,
    );
    const warned = checks.filter(({ status }) => status === 'warn');
    expect(warned).toMatchObject([{ component: 'service:billing', detail: '90 % of the disk is used' }]);
  });
});

describe('clock.skewed', () => {
  const ahead = (ms: number) => (now: number) => ({ sent_at: new Date(now + ms).toISOString() });

  it.each([600_000, -600_000])(
    'is told of a clock that differs by %d ms for long, and when it is right again',
    (ms) => {
      const system = calm();
      system.instance('billing').says = ahead(ms);
      system.run(60_000);
      expect(system.signals()).toEqual(['firing clock.skewed billing']);
      system.instance('billing').says = () => ({});
      system.run(60_000);
      expect(system.signals()).toEqual(['firing clock.skewed billing', 'cleared clock.skewed billing']);
    },
  );

  it('does not fire for a few seconds, nor for one pulse', () => {
    const system = calm();
    system.instance('billing').says = ahead(4900);
    system.run(60_000);
    system.instance('billing').says = ahead(60_000);
    system.run(3000);
    system.instance('billing').says = () => ({});
    system.run(60_000);
    expect(system.signals()).toEqual([]);
  });
});

describe('requests.failing', () => {
  /** Pulses of a service with ten responses a second, of which so many fail. */
  function responses(failedOfTen: () => number) {
    const requests = { ok: 0, failed: 0 };
    return () => {
      requests.ok += 10 - failedOfTen();
      requests.failed += failedOfTen();
      return { requests: { ...requests } };
    };
  }

  it('fires once for a service that fails a large part of its requests, and clears when it is over', () => {
    const system = calm();
    let failed = 4;
    system.instance('support').says = responses(() => failed);
    system.run(120_000);
    expect(system.signals()).toEqual(['firing requests.failing support']);
    failed = 0;
    system.run(120_000);
    expect(system.signals()).toEqual(['firing requests.failing support', 'cleared requests.failing support']);
  });

  it('does not fire for a few failures, nor for a short outage', () => {
    const system = calm();
    let failed = 0;
    let pulses = 0;
    system.instance('support').says = responses(() => (++pulses % 6 === 0 ? 1 : failed));
    system.run(60_000);
    failed = 10;
    system.run(5000);
    failed = 0;
    system.run(60_000);
    expect(system.signals()).toEqual([]);
  });
});

describe('frontend.failing', () => {
  const sample = { message: 'boom', page: '/keys', request_id: 'req_1' };
  const pages = (build: string, browsers: number, failing: number) => () => ({
    frontend: [
      { build: 'b0', browsers: 40, failing: 1, sample },
      { build, browsers, failing, sample },
    ],
  });

  it('fires once for a build that fails in many browsers, and clears when it fails in few of them', () => {
    const system = calm();
    system.start('gateway', 'gateway-2');
    system.run(10_000);
    for (const name of ['gateway', 'gateway-2']) system.instance(name).says = pages('b1', 8, 6);
    system.run(60_000);
    expect(system.signals()).toEqual(['firing frontend.failing gateway']);
    expect(system.published[0]?.symptom.evidence).toMatchObject({
      ...{ build: 'b1', browsers: 8, failing: 6, ...sample },
      error: 'build b1 fails in 6 of 8 browsers (page /keys, request_id req_1): boom',
    });
    system.instance('gateway').says = pages('b1', 40, 6);
    system.run(60_000);
    expect(system.signals()).toHaveLength(1);
    system.instance('gateway-2').says = pages('b1', 40, 6);
    system.run(60_000);
    expect(system.signals()).toEqual(['firing frontend.failing gateway', 'cleared frontend.failing gateway']);
  });

  it.each([
    ['few browsers, though all of them fail', 4, 4],
    ['many browsers of which few fail', 100, 24],
    ['one browser', 1, 1],
  ])('does not fire for %s', (_what, browsers, failing) => {
    const system = calm();
    system.instance('gateway').says = pages('b1', browsers, failing);
    system.run(120_000);
    expect(system.signals()).toEqual([]);
  });

  it('does not fire for a moment, nor while a server explains it', () => {
    const system = calm();
    system.instance('gateway').says = pages('b1', 8, 8);
    system.run(15_000);
    system.servers.get('redis')!.life = 'gone';
    system.run(60_000);
    expect(system.signals().filter((text) => text.includes('frontend'))).toEqual([]);
  });
});
