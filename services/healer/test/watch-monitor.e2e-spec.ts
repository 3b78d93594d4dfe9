import { allowedMs, eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FakeInstance } from './fake-instance.ts';
import { HealerFixture, type RunningHealer } from './healer-fixture.ts';
import { symptom } from './symptoms.ts';

const monitor = { kind: 'service', name: 'monitor', process: 'monitor' } as const;

describe('monitor as the target', () => {
  let fixture: HealerFixture;
  let running: RunningHealer;
  let frozen: FakeInstance;

  beforeEach(async () => {
    fixture = await HealerFixture.start();
    frozen = await fixture.instance('monitor');
    running = await fixture.healer();
    await eventually(() => running.healer.pulses.isHealthy('monitor'));
    fixture.platform.hooks.onAct = () => frozen.reboot();
  });
  afterEach(() => fixture.stop());

  const only = () => {
    const incidents = fixture.incidents(running);
    expect(incidents).toHaveLength(1);
    return incidents[0]!;
  };
  const mailed = () => eventually(() => expect(only().mailed_at).not.toBeNull(), { timeoutMs: 15_000 });

  it('that hangs is seen by the healer itself within 3 s, and restarted once', async () => {
    const frozenAt = Date.now();
    frozen.freeze();
    await mailed();
    expect(Date.parse(only().observed_at) - frozenAt).toBeLessThan(allowedMs(3300));
    expect(fixture.platform.acts).toMatchObject([{ process: 'monitor', verb: 'restart' }]);
    // What monitor says about itself afterwards is the same incident.
    await fixture.report(symptom('instance.restarted', monitor, { began_at: only().began_at }));
    await eventually(() => expect(only().symptoms.length).toBe(2));
    expect(only().status).toBe('resolved');
    expect(fixture.smtp.messages).toHaveLength(1);
  });

  it('that was started again in a blink is confirmed', async () => {
    frozen.reboot();
    await mailed();
    expect(only()).toMatchObject({ status: 'resolved', rule: 'confirm-restarted-instance' });
    expect(fixture.platform.acts).toEqual([]);
  });

  it('that ends on purpose makes no incident', async () => {
    frozen.self.state = 'draining';
    frozen.beat();
    frozen.reboot();
    await eventually(() => running.healer.pulses.isHealthy('monitor'));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(fixture.incidents(running)).toEqual([]);
  });

  it('whose pulses are lost while it responds makes no incident', async () => {
    frozen.self.sequence = -1_000_000; // they arrive as late pulses, and are ignored
    await new Promise((resolve) => setTimeout(resolve, 4000));
    expect(fixture.incidents(running)).toEqual([]);
  });

  it('is not accused while the bus is away', async () => {
    await fixture.nats.kill9();
    await new Promise((resolve) => setTimeout(resolve, 2500));
    await fixture.nats.restart();
    await eventually(() => running.healer.pulses.isHealthy('monitor'), { timeoutMs: 10_000 });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(fixture.incidents(running).filter(({ cause }) => cause.target.process === 'monitor')).toEqual([]);
  });
});
