import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { publicKeyOf } from '@gridworks/bus';
import { endWithTest, eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SIGNING_KEY } from './fake-instance.ts';
import { HealerFixture } from './healer-fixture.ts';
import { symptom } from './symptoms.ts';

describe('healers that compete or die', () => {
  let fixture: HealerFixture;
  const children = new Set<ChildProcess>();

  beforeEach(async () => {
    fixture = await HealerFixture.start();
    await fixture.instance('billing');
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    children.clear();
    await fixture.stop();
  });

  /** A healer in a process of its own. */
  const spawnHealer = async () => {
    const { user, password } = fixture.nats.credentials('healer');
    const child = endWithTest(
      spawn(
        process.execPath,
        [
          '--conditions=source',
          '--experimental-transform-types',
          '--no-warnings',
          fileURLToPath(new URL('fixtures/healer-process.ts', import.meta.url)),
        ],
        {
          env: {
            PATH: process.env.PATH,
            NATS_URL: fixture.nats.url,
            NATS_USER: user,
            NATS_PASSWORD: password,
            PLATFORM_SOCKET: fixture.platform.socketPath,
            PLATFORM_TOKEN: fixture.platform.token,
            SMTP_URL: fixture.smtp.url,
            HEALER_STATE_DIR: fixture.stateDir,
            SIGNING_PUBLIC_KEY: publicKeyOf(SIGNING_KEY),
          },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      ),
    );
    children.add(child);
    await once(child.stdout!, 'data');
    return child;
  };
  const kill = async (child: ChildProcess) => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  };

  it('act once and mail once, however often both receive the symptom', async () => {
    const healers = [await fixture.healer(), await fixture.healer({ instance: 'healer-2' })];
    await eventually(() => healers.every(({ healer }) => healer.pulses.isHealthy('billing')));
    const frozen = fixture.instances.get('billing')!;
    fixture.platform.hooks.onAct = () => frozen.reboot();
    frozen.freeze();
    const one = symptom('instance.unresponsive');
    const another = symptom('instance.unresponsive');
    // Past the queue of the stream, straight to both at the same moment.
    await Promise.all(
      healers.flatMap(({ healer }) => [healer.observe(one, null), healer.observe(another, null)]),
    );
    await eventually(() => fixture.smtp.messages.length > 0, { timeoutMs: 10_000 });
    await eventually(() => fixture.incidents(healers[1]!)[0]?.mailed_at !== null);
    for (const healer of healers) expect(fixture.incidents(healer)).toHaveLength(1);
    expect(fixture.platform.acts).toHaveLength(1);
    expect(fixture.smtp.messages).toHaveLength(1);
  });

  it('killed between intent and outcome: the act is not repeated, but verified, and mailed once', async () => {
    const frozen = fixture.instances.get('billing')!;
    const first = await spawnHealer();
    // The platform does the act and the healer gets no response: it is killed while it waits.
    fixture.platform.hooks.onAct = async () => {
      await kill(first);
      frozen.reboot();
    };
    frozen.freeze();
    await new Promise((resolve) => setTimeout(resolve, 300));
    await fixture.report(symptom('instance.unresponsive'));
    await eventually(() => fixture.platform.acts.length === 1, { timeoutMs: 10_000 });
    await eventually(() => first.signalCode !== null);
    fixture.platform.hooks.onAct = () => undefined;

    const successor = await fixture.healer();
    await eventually(() => fixture.smtp.messages.length > 0, { timeoutMs: 15_000 });
    await eventually(() => fixture.incidents(successor)[0]?.mailed_at !== null);
    expect(fixture.platform.acts).toHaveLength(1);
    expect(fixture.incidents(successor)).toMatchObject([
      { status: 'resolved', actions: [{ state: 'unknown' }] },
    ]);
    expect(fixture.smtp.messages).toHaveLength(1);
  }, 40_000);

  it('killed between intent and act: it goes on by the ladder under a new intent', async () => {
    const frozen = fixture.instances.get('billing')!;
    const first = await spawnHealer();
    fixture.platform.hooks.onAct = async () => {
      await kill(first);
      throw new Error('nothing was done');
    };
    frozen.freeze();
    await fixture.report(symptom('instance.unresponsive'));
    await eventually(() => first.signalCode !== null, { timeoutMs: 10_000 });
    fixture.platform.hooks.onAct = () => frozen.reboot();

    const successor = await fixture.healer();
    await eventually(() => fixture.smtp.messages.length > 0, { timeoutMs: 25_000 });
    await eventually(() => fixture.incidents(successor)[0]?.mailed_at !== null);
    expect(fixture.incidents(successor)).toMatchObject([
      { status: 'resolved', actions: [{ state: 'unknown' }, { state: 'done' }] },
    ]);
    const [before, after] = fixture.platform.acts;
    expect(after!.operationId).not.toBe(before!.operationId);
    expect(after!.epoch).toBeGreaterThan(before!.epoch);
    expect(fixture.smtp.messages).toHaveLength(1);
  }, 40_000);

  it('an old symptom, found in the stream after a pause, restarts no process that is healthy by now', async () => {
    const minutesAgo = new Date(Date.now() - 240_000).toISOString();
    await fixture.report(
      symptom('instance.unresponsive', undefined, { observed_at: minutesAgo, began_at: minutesAgo }),
    );
    const late = await fixture.healer();
    await eventually(() => fixture.smtp.messages.length > 0, { timeoutMs: 15_000 });
    expect(fixture.platform.acts).toEqual([]);
    expect(fixture.incidents(late)).toMatchObject([
      { status: 'resolved', actions: [{ remedy: 'observe-only' }] },
    ]);
  });
});
