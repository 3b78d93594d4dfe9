import { newTraceparent, traceIdOf } from '@gridworks/observability';
import { eventually } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HealerFixture, type RunningHealer } from './healer-fixture.ts';
import { symptom } from './symptoms.ts';

describe('an instance that fails', () => {
  let fixture: HealerFixture;
  let running: RunningHealer;

  beforeEach(async () => {
    fixture = await HealerFixture.start();
    await fixture.instance('billing');
    running = await fixture.healer();
    await eventually(() => running.healer.pulses.isWell('billing'));
  });
  afterEach(() => fixture.stop());

  const only = () => {
    const incidents = fixture.incidents(running);
    expect(incidents).toHaveLength(1);
    return incidents[0]!;
  };

  it('is restarted when it hangs, proven well, and told of in one mail', async () => {
    const billing = fixture.instances.get('billing')!;
    fixture.platform.hooks.onAct = () => billing.reboot();
    billing.freeze();
    const traceparent = newTraceparent();
    await fixture.tell(symptom('instance.unresponsive'), traceparent);
    await eventually(() => expect(only().mailed_at).not.toBeNull(), { timeoutMs: 10_000 });

    expect(fixture.platform.acts).toMatchObject([{ process: 'billing', verb: 'restart' }]);
    const incident = only();
    expect(incident).toMatchObject({
      status: 'resolved',
      title: 'billing does not respond',
      decided_by: 'playbook',
      rule: 'restart-unresponsive-instance',
      actions: [{ remedy: 'platform.restart', state: 'done' }],
      trace_id: traceIdOf(traceparent),
    });
    expect(incident.timeline.map(({ what }) => what)).toEqual([
      'began',
      'observed',
      'decided',
      'intended',
      'acted',
      'verifying',
      'verified',
      'resolved',
      'notified',
    ]);
    const intended = incident.actions[0]!.intended_at;
    expect(Date.parse(intended) - Date.parse(incident.observed_at)).toBeLessThan(500);
    expect(fixture.smtp.messages).toHaveLength(1);
    expect(fixture.smtp.messages[0]!.subject).toContain('[AUTO-RESOLVED] billing does not respond');
  });

  it('is only confirmed when the platform had started it again', async () => {
    fixture.instances.get('billing')!.reboot();
    await fixture.tell(symptom('instance.restarted'));
    await eventually(() => expect(only().mailed_at).not.toBeNull(), { timeoutMs: 10_000 });
    expect(fixture.platform.acts).toEqual([]);
    expect(only()).toMatchObject({
      status: 'resolved',
      rule: 'confirm-restarted-instance',
      actions: [{ remedy: 'platform.ensure-running', state: 'done' }],
    });
  });
});
