import { currentContext, startTelemetry, type Telemetry, withSpan } from '@gridworks/observability';
import { type ExportedSpan, eventually, type SpanCollector, startSpanCollector } from '@gridworks/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FakeInstance } from './fake-instance.ts';
import { HealerFixture, type RunningHealer } from './healer-fixture.ts';
import { symptom } from './symptoms.ts';

/** What the healer adds to the trace of a symptom, each below the one that is named. */
const PARENTS = new Map([
  ['healer.observe', 'monitor.symptom'],
  ['healer.incident', 'monitor.symptom'],
  ['healer.notify', 'monitor.symptom'],
  ['healer.decide', 'healer.incident'],
  ['healer.guard', 'healer.incident'],
  ['healer.act', 'healer.incident'],
  ['healer.verify', 'healer.incident'],
]);

describe('the trace of a fault', () => {
  let fixture: HealerFixture;
  let billing: FakeInstance;
  let running: RunningHealer;
  let collector: SpanCollector;
  let telemetry: Telemetry;

  beforeEach(async () => {
    [fixture, collector] = await Promise.all([HealerFixture.start(), startSpanCollector()]);
    Object.assign(process.env, collector.environment);
    telemetry = await startTelemetry({ service: 'healer', instance: 'healer', version: '0' });
    billing = await fixture.instance('billing');
    running = await fixture.healer();
    await eventually(() => running.healer.pulses.isHealthy('billing'));
  });
  afterEach(async () => {
    for (const name of Object.keys(collector.environment)) delete process.env[name];
    await fixture.stop();
    await telemetry.shutdown();
    await collector.stop();
  });

  /** Publishes the symptom as monitor does, whose span is over by then. Returns the traceparent. */
  const report = async (): Promise<string> => {
    const traceparent = withSpan('monitor.symptom', {}, () => currentContext()?.traceparent ?? '');
    await fixture.report(symptom('instance.unresponsive'), traceparent);
    return traceparent;
  };
  const mailed = () =>
    eventually(() => expect(fixture.incidents(running)[0]?.mailed_at).toEqual(expect.any(String)), {
      timeoutMs: 15_000,
    });

  /** The spans of the healer, once all are exported, after a check of each one's parent. */
  const spansOfHealing = async (traceparent: string): Promise<ExportedSpan[]> => {
    // The span of an incident ends when all is said and done.
    await running.stop();
    await telemetry.shutdown();
    const [, traceId, rootId] = traceparent.split('-');
    const spans = new Map(collector.spans.map((span) => [span.spanId, span]));
    expect(spans.get(rootId!)).toMatchObject({ name: 'monitor.symptom', traceId });
    const ofHealing = collector.spans.filter(({ name }) => name.startsWith('healer.'));
    for (const { name, traceId: trace, parentSpanId } of ofHealing) {
      const parent = spans.get(parentSpanId ?? '')?.name;
      expect({ name, trace, parent }).toEqual({ name, trace: traceId, parent: PARENTS.get(name) });
    }
    return ofHealing;
  };

  it('runs from the symptom to the verification and the mail, with no span missing in between', async () => {
    fixture.platform.hooks.onAct = () => billing.reboot();
    billing.freeze();
    const traceparent = await report();
    await mailed();
    const names = (await spansOfHealing(traceparent)).map(({ name }) => name);
    expect(new Set(names)).toEqual(new Set(PARENTS.keys()));
  });

  it('goes on in the next healer', async () => {
    billing.freeze();
    const traceparent = await report();
    await eventually(() => fixture.incidents(running)[0]?.status === 'verifying', { timeoutMs: 10_000 });
    await running.stop();
    running = await fixture.healer();
    billing.reboot();
    await mailed();
    const names = (await spansOfHealing(traceparent)).map(({ name }) => name);
    expect(names.filter((name) => name === 'healer.act')).toHaveLength(1);
    expect(names.filter((name) => name === 'healer.incident').length).toBeGreaterThan(1);
    expect(names).toContain('healer.notify');
  });
});
