import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { allowedMs, eventually, noSmallDisk, SmallDisk } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BusProbe } from '../src/watchdog/bus-probe.ts';
import { pause } from './guard-under-test.ts';
import { HealerFixture, type RunningHealer } from './healer-fixture.ts';
import { symptom } from './symptoms.ts';

const nats = { kind: 'server', name: 'nats', process: 'nats' } as const;

describe('NATS as the target', () => {
  let fixture: HealerFixture;
  let running: RunningHealer;

  beforeEach(async () => {
    fixture = await HealerFixture.start();
    await fixture.instance('billing');
    running = await fixture.healer();
    await eventually(() => running.healer.pulses.isHealthy('billing'));
    fixture.platform.hooks.onAct = () => fixture.nats.restart();
  });
  afterEach(() => fixture.stop());

  const only = () => {
    const incidents = fixture.incidents(running);
    expect(incidents).toHaveLength(1);
    return incidents[0]!;
  };

  it('that hangs is restarted past the bus, and one incident with its whole timeline and one mail follow', async () => {
    const frozenAt = Date.now();
    fixture.nats.freeze();
    await eventually(() => fixture.platform.acts.length === 1, { timeoutMs: 10_000 });
    expect(Date.now() - frozenAt).toBeLessThan(allowedMs(6000));
    // The intent was on the disk before the act.
    const kept = JSON.parse(await readFile(join(fixture.stateDir, 'bus-watchdog.json'), 'utf8'));
    expect(kept.record.incident.actions).toMatchObject([{ remedy: 'platform.restart', target: nats }]);

    // What monitor says about it once it can.
    await eventually(() => running.bus.state() === 'connected', { timeoutMs: 10_000 });
    const began = { began_at: new Date(frozenAt - 500).toISOString() };
    await eventually(() => fixture.report(symptom('server.restarted', nats, began)).then(() => true), {
      timeoutMs: 5000,
    });
    await eventually(() => expect(only().mailed_at).not.toBeNull(), { timeoutMs: 15_000 });
    expect(Date.now() - frozenAt).toBeLessThan(allowedMs(10_000));

    await eventually(() =>
      expect(only().symptoms.map(({ signal }) => signal)).toEqual([
        'server.unresponsive',
        'server.restarted',
      ]),
    );
    const incident = only();
    expect(incident).toMatchObject({
      status: 'resolved',
      cause: { target: nats },
      rule: 'restart-unresponsive-server',
    });
    expect(incident.actions).toMatchObject([{ remedy: 'platform.restart', state: 'done' }]);
    expect(incident.timeline.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        'began',
        'observed',
        'decided',
        'intended',
        'acted',
        'verifying',
        'verified',
        'resolved',
        'notified',
      ]),
    );
    expect(fixture.platform.acts).toHaveLength(1);
    expect(fixture.smtp.messages.map(({ subject }) => subject)).toEqual([
      expect.stringContaining('[AUTO-RESOLVED] nats does not respond'),
    ]);
  });

  const withDisk = noSmallDisk === null ? it : it.skip;
  withDisk(
    `that hangs while the disk is full (${noSmallDisk ?? 'a real one'}) is mailed at once, and restarted when there is room`,
    async () => {
      await running.stop();
      const disk = new SmallDisk(1);
      try {
        const stateDir = join(disk.folder, 'healer');
        running = await fixture.healer({ stateDir });
        await eventually(() => running.healer.pulses.isHealthy('billing'));
        disk.fill();
        fixture.nats.freeze();
        await eventually(() => expect(fixture.smtp.messages).toHaveLength(1), { timeoutMs: 20_000 });
        expect(fixture.smtp.messages[0]).toMatchObject({
          subject: expect.stringContaining('[ACTION NEEDED] nats does not respond'),
          text: expect.stringContaining('ENOSPC'),
        });
        // Nothing was done, and nothing says so.
        expect(fixture.platform.acts).toEqual([]);
        const file = () => readFile(join(stateDir, 'bus-watchdog.json'), 'utf8').then(JSON.parse, () => null);
        expect((await file())?.last_act_at ?? 0).toBe(0);
        disk.free();
        await eventually(() => expect(fixture.platform.acts).toHaveLength(1), { timeoutMs: 15_000 });
        await eventually(() => expect(only()).toMatchObject({ status: 'resolved' }), { timeoutMs: 30_000 });
        expect(only().actions).toMatchObject([{ remedy: 'platform.restart', state: 'done' }]);
        await eventually(async () => expect(await file()).toMatchObject({ record: null }));
        expect((await file()).last_act_at).toBeGreaterThan(0);
        expect(fixture.smtp.messages).toHaveLength(1);
      } finally {
        await running.stop();
        disk.remove();
      }
    },
    90_000,
  );

  it('that was killed is left to the platform, and confirmed by monitor’s symptom', async () => {
    await fixture.nats.kill9();
    await fixture.nats.restart();
    await eventually(() => running.bus.state() === 'connected', { timeoutMs: 10_000 });
    await eventually(() => fixture.report(symptom('server.restarted', nats)).then(() => true), {
      timeoutMs: 5000,
    });
    await eventually(() => expect(only().mailed_at).not.toBeNull(), { timeoutMs: 15_000 });
    expect(fixture.platform.acts).toEqual([]);
    expect(only()).toMatchObject({ status: 'resolved', rule: 'confirm-restarted-server' });
  });

  it('that stays away is started', async () => {
    fixture.platform.get('nats').state = 'stopped';
    await fixture.nats.kill9();
    await eventually(() => expect(only().mailed_at).not.toBeNull(), { timeoutMs: 20_000 });
    expect(fixture.platform.acts).toMatchObject([{ process: 'nats', verb: 'start' }]);
    expect(only()).toMatchObject({
      status: 'resolved',
      actions: [{ remedy: 'platform.ensure-running', state: 'done' }],
    });
  });

  it('that responds and stores nothing is restarted, and other symptoms meanwhile are recorded', async () => {
    await rm(fixture.nats.storeDir, { recursive: true });
    const redis = { kind: 'server', name: 'redis', process: 'redis' } as const;
    const frozen = symptom('server.unresponsive', redis);
    await eventually(() => expect(running.healer.watchdog.isSuspicious()).toBe(true), { timeoutMs: 10_000 });
    for (let i = 0; i < 2; i++) expect(await running.healer.report(frozen, null)).toBe('noted');
    await eventually(() => expect(only().mailed_at).not.toBeNull(), { timeoutMs: 30_000 });
    expect(fixture.platform.acts).toMatchObject([{ process: 'nats', verb: 'restart' }]);
    const incident = only();
    expect(incident).toMatchObject({
      status: 'resolved',
      cause: { signal: 'server.not-storing', target: nats },
      rule: 'restart-bus-that-stores-nothing',
    });
    const notes = incident.timeline.filter(({ text }) => text.includes('redis does not respond'));
    expect(notes).toHaveLength(1);
    expect(fixture.smtp.messages.map(({ subject }) => subject)).toEqual([
      expect.stringContaining('[AUTO-RESOLVED] nats responds but stores nothing'),
    ]);
    // Published again when the stream works, it is an incident of its own.
    await fixture.report(frozen);
    await eventually(() =>
      expect(fixture.incidents(running).map(({ cause }) => cause.target.name)).toContain('redis'),
    );
  });

  it('that stores nothing after a restart either is for an admin, who gets one mail without the bus', async () => {
    fixture.platform.hooks.onAct = () => undefined; // the restart changes nothing: the disk is full, say
    await rm(fixture.nats.storeDir, { recursive: true });
    await eventually(() => fixture.smtp.messages.length === 1, { timeoutMs: 45_000 });
    expect(fixture.smtp.messages[0]!.subject).toContain('[ACTION NEEDED] nats responds but stores nothing');
    expect(fixture.platform.acts).toHaveLength(1);
    await fixture.nats.restart();
    await eventually(() => expect(only().status).toBe('resolved'), { timeoutMs: 30_000 });
    expect(only().mailed_at).not.toBeNull();
    expect(fixture.smtp.messages).toHaveLength(1);
  }, 90_000);

  it('is not restarted while that is paused, and an admin is mailed without the bus', async () => {
    await running.parts.pauses.add(pause('server:nats'));
    fixture.nats.freeze();
    await eventually(() => fixture.smtp.messages.length === 1, { timeoutMs: 10_000 });
    expect(fixture.smtp.messages[0]!.subject).toContain('[ACTION NEEDED] nats does not respond');
    expect(fixture.platform.acts).toEqual([]);
    fixture.nats.thaw();
    await eventually(() => expect(only().status).toBe('resolved'), { timeoutMs: 15_000 });
    expect(only()).toMatchObject({ actions: [{ state: 'suggested' }] });
    expect(only().mailed_at).not.toBeNull();
    expect(fixture.smtp.messages).toHaveLength(1);
  });

  it('an intent that an earlier healer left on the disk is not repeated', async () => {
    await running.stop();
    fixture.nats.freeze();
    let dead = false;
    const first = new HealerLeftBehind(fixture);
    fixture.platform.hooks.onAct = () =>
      new Promise<void>(() => {
        dead = true;
      });
    first.start();
    await eventually(() => dead, { timeoutMs: 10_000 });
    const kept = await readFile(join(fixture.stateDir, 'bus-watchdog.json'), 'utf8');
    await first.abandon();
    await writeFile(join(fixture.stateDir, 'bus-watchdog.json'), kept);

    await fixture.nats.restart();
    running = await fixture.healer();
    await eventually(() => expect(only().mailed_at).not.toBeNull(), { timeoutMs: 15_000 });
    expect(fixture.platform.acts).toHaveLength(1);
    expect(only()).toMatchObject({ status: 'resolved', actions: [{ state: 'unknown' }] });
  });
});

/** A watchdog whose process dies in the middle of its act. */
class HealerLeftBehind {
  readonly #healer;
  constructor(fixture: HealerFixture) {
    this.#healer = fixture.lonely();
  }
  start(): void {
    this.#healer.watchdog.start();
  }
  async abandon(): Promise<void> {
    void this.#healer.stop();
  }
}

describe('the sense for the bus', () => {
  it('distinguishes a server that hangs from one that is gone and one that is healthy', async () => {
    const fixture = await HealerFixture.start();
    try {
      const busProbe = new BusProbe({ url: fixture.nats.url }, () => null);
      expect(await busProbe.probe()).toBe('suspicious'); // we are not connected, but it greets
      fixture.nats.freeze();
      const polls: string[] = [];
      // The signal may come a moment after the first look.
      await eventually(async () => polls.push(await busProbe.probe()) && polls.at(-1) === 'hangs');
      expect(polls.length).toBeGreaterThanOrEqual(2);
      fixture.nats.thaw();
      await eventually(async () => (await busProbe.probe()) === 'suspicious');
      await fixture.nats.kill9();
      expect(await busProbe.probe()).toBe('gone');
    } finally {
      await fixture.stop();
    }
  });
});
