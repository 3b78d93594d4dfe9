import { type DeadLetterCount, usageRecorded } from '@gridworks/contracts';
import { renderMetrics } from '@gridworks/observability';
import { eventually } from '@gridworks/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { MonitorUnderTest } from './monitor-under-test.ts';

const LIMIT = 1024 ** 2;
const PART = 'x'.repeat(100_000);
const SUBJECT = 'event.gateway.usage.recorded';

describe('monitor over the streams', () => {
  let under: MonitorUnderTest;
  let counts: DeadLetterCount[] = [];
  beforeAll(async () => {
    under = await MonitorUnderTest.start({ limits: { eventBytes: LIMIT } });
    await under.healerCounts(() => ({ observed_at: new Date().toISOString(), consumers: counts }));
    await under.startMonitor();
    await under.startInstance('healer');
  }, 60_000);
  afterAll(() => under?.stop(), 30_000);

  const metric = (name: string): number =>
    Number(
      renderMetrics()
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(' ')[1],
    );

  it('reports dead letters as long as nobody has decided about them', async () => {
    const consumer = 'billing_record-usage';
    const oldest_at = '2026-11-29T12:00:00.000Z';
    counts = [{ consumer, service: 'billing', waiting: 2, replaying: 1, oldest_at }];
    await under.receives('firing dead-letters.present billing');
    const symptom = under.symptoms.find(({ signal }) => signal === 'dead-letters.present');
    expect(symptom?.evidence).toEqual({ consumer, waiting: 2, oldest_at });
    expect(metric(`monitor_dead_letters_waiting{consumer="${consumer}"}`)).toBe(3);

    counts = [];
    await eventually(() => expect(under.published()).toContain('cleared dead-letters.present billing'), {
      timeoutMs: 90_000,
      everyMs: 250,
    });
    expect(metric(`monitor_dead_letters_waiting{consumer="${consumer}"}`)).toBe(0);
  }, 120_000);

  it('measures how far consumers are behind, what is delivered again, and how full the streams are', async () => {
    const [billing, gateway] = [await under.connect('billing'), await under.connect('gateway')];
    const consumption = await billing.consume(
      { ...usageRecorded, payload: z.unknown() },
      'billing_record-usage',
      async () => {
        throw new Error('not yet');
      },
    );
    const event = { specversion: '1.0', id: 'evt_1', source: '/gateway/gateway', type: SUBJECT, data: {} };
    await gateway.publishRaw(SUBJECT, JSON.stringify(event), { 'Nats-Msg-Id': 'evt_1' });
    const of = (name: string) => metric(`monitor_consumer_${name}_events{consumer="billing_record-usage"}`);
    await eventually(() => expect([of('unacknowledged'), of('redelivered')]).toEqual([1, 1]), {
      timeoutMs: 30_000,
    });
    await consumption.stop();
    for (let at = 0; at < 3; at++) await gateway.publishRaw(SUBJECT, PART, { 'Nats-Msg-Id': `part-${at}` });
    await eventually(() => expect(of('pending')).toBe(3), { timeoutMs: 15_000 });
    expect(metric('monitor_stream_bytes{stream="EVENTS"}')).toBeGreaterThan(300_000);
    expect(metric('monitor_stream_limit_bytes{stream="EVENTS"}')).toBe(LIMIT);
    expect(metric('monitor_stream_bytes{stream="DEAD"}')).toBe(0);
  }, 90_000);

  it('reports a stream of events that is nearly full, until it has room again', async () => {
    const gateway = await under.connect('gateway');
    for (let at = 3; at < 9; at++) await gateway.publishRaw(SUBJECT, PART, { 'Nats-Msg-Id': `part-${at}` });
    await under.receives('firing stream.filling nats');
    const symptom = under.symptoms.find(({ signal }) => signal === 'stream.filling');
    expect(symptom).toMatchObject({
      target: { kind: 'server', name: 'nats' },
      evidence: { stream: 'EVENTS', max_bytes: LIMIT },
    });
    // The only way to empty it quickly that no service is refused.
    await under.nats.kill9();
    await under.nats.loseStore();
    await under.nats.restart();
    await eventually(() => expect(under.published()).toContain('cleared stream.filling nats'), {
      timeoutMs: 90_000,
      everyMs: 250,
    });
  }, 150_000);
});
