import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SimulatedSystem } from '../../test/simulated-system.ts';

function calm(): SimulatedSystem {
  const system = new SimulatedSystem();
  system.run(10_000);
  expect(system.signals()).toEqual([]);
  return system;
}

describe('Watch: who accuses nobody', () => {
  it('stays silent while pulses come late by up to 1.9 s, however they come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 50, max: 1900 }), { minLength: 20, maxLength: 60 }), (gaps) => {
        const system = new SimulatedSystem();
        let next = 0;
        system.pulseGap = () => gaps[next++ % gaps.length]!;
        system.run(60_000);
        expect(system.signals()).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it('stays silent when pulses are lost for long, as long as the instance responds', () => {
    const system = calm();
    system.instance('billing').muted = true;
    system.run(120_000);
    expect(system.signals()).toEqual([]);
  });

  it('stays silent for minutes under jitter, and lag that comes and goes', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.integer({ min: 700, max: 1400 })), (jitter) => {
        const system = new SimulatedSystem();
        system.pulseGap = (one) => {
          const { value } = jitter.next();
          one.lagMs = one.sequence % 3 === 0 ? 3 : 1200;
          return value;
        };
        system.run(120_000);
        expect(system.signals()).toEqual([]);
      }),
      { numRuns: 10 },
    );
  });

  it('makes nothing of pulses under a name that no process answers to', () => {
    const system = calm();
    system.start('billing', 'billing-77');
    system.instance('billing-77').respondsToPing = false;
    system.run(5000);
    expect(system.names()).not.toContain('billing-77');
    system.instance('billing-77').life = 'gone';
    system.run(60_000);
    expect(system.signals()).toEqual([]);
    expect(system.watch.remember().instances.map(({ pulse }) => pulse.instance)).not.toContain('billing-77');
    expect(system.watch.instances.suspects(system.now, 'monitor')).toEqual([]);
  });

  it('knows a new instance once it has answered', () => {
    const system = calm();
    system.start('billing', 'billing-2');
    system.run(2000);
    expect(system.names()).toContain('billing-2');
  });

  it('knows its own instance as any other, and reports the connections that it lost', () => {
    const system = calm();
    system.start('monitor', 'monitor');
    system.run(5000);
    expect(system.names()).toContain('monitor');
    system.instance('monitor').lost.postgres = 2;
    system.run(15_000);
    expect(system.signals()).toEqual(['firing connections.lost monitor', 'cleared connections.lost monitor']);
  });

  it('doubts itself when its own process was held up', () => {
    const system = calm();
    system.heldUpUntil = system.now + 20_000;
    system.run(60_000);
    expect(system.signals()).toEqual([]);
  });

  it('is not misled by a clock that is set', () => {
    for (const ms of [8 * 3_600_000, -8 * 3_600_000, 1700, -1700]) {
      const system = calm();
      system.setClock(ms);
      system.run(60_000);
      expect(system.signals()).toEqual([]);
      const since = system.elapsedMs;
      system.instance('billing').life = 'frozen';
      system.run(5000);
      expect(system.publishedAfter('instance.unresponsive', since)).toBeLessThanOrEqual(3000);
    }
  });

  it('holds back while one answer of the bus is late, and loses little time by it', () => {
    const system = calm();
    const since = system.elapsedMs;
    system.instance('billing').life = 'frozen';
    system.run(1000);
    system.watch.checked('nats', { ok: false, latencyMs: 800, timedOut: true, error: 'late' }, system.now);
    system.run(8000);
    expect(system.signals()).toEqual(['firing instance.unresponsive billing']);
    expect(system.publishedAfter('instance.unresponsive', since)).toBeLessThanOrEqual(4000);
  });

  it('accuses no instance when the bus was away, and tells that the bus is another boot', () => {
    const system = calm();
    const nats = system.servers.get('nats')!;
    nats.life = 'gone';
    system.run(3000);
    nats.boot++;
    nats.life = 'alive';
    system.run(30_000);
    expect(system.signals()).toEqual(['firing server.restarted nats', 'cleared server.restarted nats']);
  });

  it('accuses no instance while the bus hangs, nor when it goes on', () => {
    const system = calm();
    system.servers.get('nats')!.life = 'frozen';
    system.run(15_000);
    system.servers.get('nats')!.life = 'alive';
    system.run(30_000);
    expect(system.signals()).toEqual([]);
  });

  it('takes a goodbye for what it is', () => {
    const system = calm();
    system.start('billing', 'billing-2');
    system.run(5000);
    system.stop('billing-2');
    system.stop('auth');
    system.run(2000);
    system.start('auth', 'auth');
    system.run(30_000);
    expect(system.signals()).toEqual([]);
  });
});

describe('Watch: instances', () => {
  it('sees a frozen instance within 3 s, whenever it freezes, and that it is well again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 850, max: 1150 }), (steps, gap) => {
        const system = new SimulatedSystem();
        system.pulseGap = () => gap;
        system.run(10_000 + steps * 50);
        const since = system.elapsedMs;
        system.instance('billing').life = 'frozen';
        system.run(8000);
        expect(system.publishedAfter('instance.unresponsive', since)).toBeLessThanOrEqual(3000);
        system.start('billing', 'billing');
        system.run(10_000);
        expect(system.signals()).toEqual([
          'firing instance.unresponsive billing',
          'cleared instance.unresponsive billing',
        ]);
      }),
      { numRuns: 30 },
    );
  });

  it('tells once that one restarted without a goodbye, with both boots', () => {
    const system = calm();
    system.instance('support').life = 'gone';
    system.run(1500);
    system.start('support', 'support');
    system.run(20_000);
    expect(system.signals()).toEqual([
      'firing instance.restarted support',
      'cleared instance.restarted support',
    ]);
    expect(system.published[0]?.symptom.evidence).toMatchObject({
      previous_boot_id: 'boot-1',
      boot_id: 'boot-2',
      times: 1,
    });
  });

  it('keeps one symptom through a crash loop', () => {
    const system = calm();
    for (let crash = 0; crash < 5; crash++) {
      system.instance('support').life = 'gone';
      system.run(1000);
      system.start('support', 'support');
      system.instance('support').state = 'starting';
      system.run(1000);
    }
    expect(system.signals()).toEqual(['firing instance.restarted support']);
    system.instance('support').state = 'ready';
    system.run(5000);
    expect(system.signals()).toEqual([
      'firing instance.restarted support',
      'cleared instance.restarted support',
    ]);
  });

  it('tells of one that is gone and that the platform does not bring back', () => {
    const system = calm();
    const since = system.elapsedMs;
    system.instance('auth').life = 'gone';
    system.run(10_000);
    expect(system.signals()).toEqual(['firing instance.unresponsive auth']);
    expect(system.publishedAfter('instance.unresponsive', since)).toBeGreaterThanOrEqual(4000);
    expect(system.published[0]?.symptom.evidence).toMatchObject({ process_gone: true });
  });

  it('tells of one that is not ready though its servers are well', () => {
    const system = calm();
    system.instance('support').state = 'not-ready';
    system.instance('support').down = ['postgres'];
    system.run(6000);
    expect(system.signals()).toEqual(['firing instance.not-ready support']);
    expect(system.published[0]?.symptom.suspects).toEqual(['postgres']);
  });

  it('tells of one whose event loop is held up again and again', () => {
    const system = calm();
    system.instance('auth').lagMs = 1500;
    system.run(5000);
    system.instance('auth').lagMs = 5;
    system.run(10_000);
    expect(system.signals()).toEqual(['firing instance.stalled auth', 'cleared instance.stalled auth']);
  });

  it('reports gateway HTTP only while its gateways are healthy', () => {
    const system = calm();
    system.run(5000);
    system.httpOpen = false;
    system.run(6000);
    expect(system.signals()).toEqual(['firing http.unresponsive gateway']);
    const frozen = calm();
    frozen.run(5000);
    frozen.instance('gateway').life = 'frozen';
    frozen.run(10_000);
    expect(frozen.signals()).toEqual(['firing instance.unresponsive gateway']);
  });
});

describe('Watch: servers', () => {
  it('sees a frozen server within 3 s, and swallows what its dependents say of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 20 }), (steps) => {
        const system = new SimulatedSystem();
        system.run(10_000 + steps * 50);
        const since = system.elapsedMs;
        const postgres = system.servers.get('postgres')!;
        postgres.life = 'frozen';
        for (const name of ['auth', 'billing', 'support']) {
          Object.assign(system.instance(name), { state: 'not-ready', down: ['postgres'] });
        }
        system.run(5000);
        expect(system.publishedAfter('server.unresponsive', since)).toBeLessThanOrEqual(3000);
        postgres.life = 'alive';
        postgres.boot++;
        for (const name of ['auth', 'billing', 'support']) {
          const one = system.instance(name);
          Object.assign(one, { state: 'ready', down: [], lost: { ...one.lost, postgres: 5 } });
        }
        system.run(20_000);
        expect(system.signals()).toEqual([
          'firing server.unresponsive postgres',
          'cleared server.unresponsive postgres',
        ]);
      }),
      { numRuns: 20 },
    );
  });

  it('tells once that a server is another boot, and nothing of the connections that went with it', () => {
    const system = calm();
    for (const name of ['postgres', 'redis'] as const) {
      const server = system.servers.get(name)!;
      server.life = 'gone';
      system.run(700);
      server.life = 'alive';
      server.boot++;
      for (const one of system.instances.values()) one.lost[name] = 4;
      system.run(20_000);
    }
    expect(system.signals()).toEqual([
      'firing server.restarted postgres',
      'cleared server.restarted postgres',
      'firing server.restarted redis',
      'cleared server.restarted redis',
    ]);
  });

  it('tells of connections that one instance lost while the server stayed the same', () => {
    const system = calm();
    const since = system.elapsedMs;
    system.instance('billing').lost.postgres = 6;
    system.run(15_000);
    expect(system.signals()).toEqual(['firing connections.lost billing', 'cleared connections.lost billing']);
    expect(system.publishedAfter('connections.lost', since)).toBeLessThanOrEqual(3500);
    expect(system.published[0]?.symptom.evidence).toMatchObject({ lost: { postgres: 6 } });
  });
});

describe('Watch: its own restart', () => {
  it('remembers who should be there', () => {
    const system = calm();
    system.instance('billing').life = 'frozen';
    system.restartMonitor(false);
    system.run(15_000);
    expect(system.signals()).toEqual(['firing instance.unresponsive billing']);
  });

  it('takes back what it told before, and not earlier than it is true', () => {
    const system = calm();
    system.instance('billing').life = 'frozen';
    system.servers.get('redis')!.life = 'frozen';
    system.run(5000);
    system.restartMonitor(false);
    system.run(10_000);
    expect(system.signals()).toHaveLength(2);
    system.start('billing', 'billing');
    system.servers.get('redis')!.life = 'alive';
    system.run(10_000);
    expect(system.signals().slice(2).sort()).toEqual([
      'cleared instance.unresponsive billing',
      'cleared server.unresponsive redis',
    ]);
  });

  it('knows a boot that happened while it was away', () => {
    const system = calm();
    system.start('auth', 'auth');
    system.restartMonitor(false);
    system.run(15_000);
    expect(system.signals()).toEqual(['firing instance.restarted auth', 'cleared instance.restarted auth']);
  });

  it('blames nobody for another boot after a cold start, and still misses one that hangs', () => {
    const system = calm();
    system.start('auth', 'auth');
    system.instance('support').life = 'gone';
    system.instance('billing').life = 'frozen';
    system.restartMonitor(true);
    system.run(20_000);
    expect(system.signals()).toEqual(['firing instance.unresponsive billing']);
    expect(system.watch.instances.of('support')).toEqual([]);
  });
});
