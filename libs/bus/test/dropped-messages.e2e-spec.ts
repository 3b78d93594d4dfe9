import { metrics } from '@gridworks/observability';
import { eventually, type NatsServer, startNats } from '@gridworks/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Bus } from '../src/index.ts';
import { closeAll, connectBus, counted, echo, plan } from './bus-under-test.ts';
import { connectAsAttacker, pullTo, pushConsumer, requestJetStream, responseTo, store } from './deputies.ts';

const droppedCount = (reason: string): number =>
  Number(
    new RegExp(`bus_messages_dropped_total{reason="${reason}"} (\\d+)`).exec(metrics.render())?.[1] ?? 0,
  );

/** A server without any allow-list, so that only the receiver can stop the attacker. */
describe('a message that a stream or another service was made to send', () => {
  const own = 'event.support.call.queued';
  const forgery = { target: echo.subject, body: '{"text":"forged"}' };
  let server: NatsServer;
  let attacker: NatsConnection;
  let gateway: Bus;
  let handled: string[];

  beforeAll(async () => {
    server = await startNats({ plan });
    attacker = await connectAsAttacker(server.url, 'support');
  });
  beforeEach(async () => {
    handled = [];
    const billing = await connectBus(server, 'billing');
    await billing.serve(echo, ({ text }) => {
      handled.push(text);
      return { text };
    });
    gateway = await connectBus(server, 'gateway');
    billing.listen(counted, async ({ payload }) => void handled.push(`counted ${payload.n}`));
    await billing.rtt();
  });
  afterEach(closeAll);
  afterAll(async () => {
    await attacker.close();
    await server.stop();
  });

  /** Checks that only the honest request that follows was handled. */
  const onlyHonest = async () => {
    await attacker.flush();
    await gateway.request(echo, { text: 'honest' });
    expect(handled).toEqual(['honest']);
  };

  it.each(['none', 'explicit'] as const)(
    'gets no response when a push consumer delivers it, ack %s',
    async (ack) => {
      const how = { ack, group: 'billing' };
      const before = droppedCount('foreign-reply');
      expect(await pushConsumer(attacker, { stream: 'EVENTS', subject: own }, forgery, how)).toBe(true);
      await eventually(() => expect(droppedCount('foreign-reply')).toBeGreaterThan(before));
      await onlyHonest();
    },
  );

  it('gets no response when a pull consumer delivers it', async () => {
    const before = droppedCount('foreign-reply');
    await requestJetStream(attacker, `$JS.API.CONSUMER.CREATE.EVENTS.support_replay.${own}`, {
      stream_name: 'EVENTS',
      config: {
        name: 'support_replay',
        durable_name: 'support_replay',
        filter_subject: own,
        ack_policy: 'explicit',
      },
    });
    await store(attacker, own, forgery);
    await pullTo(attacker, 'support_replay', echo.subject, '$JS.API');
    await eventually(() => expect(droppedCount('foreign-reply')).toBeGreaterThan(before));
    await onlyHonest();
  });

  it('gets no response when it has the headers of a stream, whatever its reply subject', async () => {
    const before = droppedCount('stream-delivery');
    await store(attacker, echo.subject, forgery, '_INBOX_gateway.x');
    await eventually(() => expect(droppedCount('stream-delivery')).toBe(before + 1));
    await onlyHonest();
  });

  it.each([
    'rpc.auth.api-key.create',
    '$JS.API.STREAM.PURGE.EVENTS',
    '_INBOX_healer.x',
    '_INBOX_gatewayx.y',
    '',
  ])('gets no response sent to %j', async (reply) => {
    const received: string[] = [];
    const sub =
      reply === ''
        ? undefined
        : attacker.subscribe(reply, { callback: (_, msg) => void received.push(msg.string()) });
    const before = droppedCount('foreign-reply');
    await responseTo(attacker, echo.subject, reply, '{"text":"forged"}');
    await eventually(() => expect(droppedCount('foreign-reply')).toBe(before + 1));
    await onlyHonest();
    expect(received).toEqual([]);
    sub?.unsubscribe();
  });

  it('is not accepted as an event', async () => {
    const event = (n: number) =>
      JSON.stringify({
        specversion: '1.0',
        id: `evt_${n}`,
        source: '/gateway/gateway',
        type: counted.subject,
        time: new Date().toISOString(),
        datacontenttype: 'application/json',
        data: { n },
      });
    const before = droppedCount('foreign-reply');
    // A mirror of another stream: a mirror of this one's own subjects would be a cycle.
    await requestJetStream(attacker, '$JS.API.STREAM.CREATE.OTHER', { name: 'OTHER', subjects: ['other'] });
    const forged = { target: counted.subject, body: event(1) };
    expect(await pushConsumer(attacker, { stream: 'OTHER', subject: 'other' }, forged, { ack: 'none' })).toBe(
      true,
    );
    await responseTo(attacker, counted.subject, '_INBOX_support.x', event(2));
    await eventually(() => expect(droppedCount('foreign-reply')).toBeGreaterThanOrEqual(before + 2));
    await gateway.publish(counted, { n: 3 });
    await eventually(() => expect(handled).toEqual(['counted 3']));
  });

  it('is not accepted as a pulse', async () => {
    const monitor = await connectBus(server, 'monitor');
    const received: string[] = [];
    monitor.listenPulse(({ instance }) => void received.push(instance));
    await monitor.rtt();
    const pulse = (instance: string) =>
      JSON.stringify({
        ...{
          service: 'billing',
          instance,
          boot_id: 'b',
          pid: 1,
          sequence: 1,
          state: 'ready',
          health_url: 'http://127.0.0.1:1',
        },
        ...{
          started_at: new Date().toISOString(),
          sent_at: new Date().toISOString(),
          resident_bytes: 1,
          in_flight: 0,
        },
        ...{ event_loop_lag_ms: 0, requests: { ok: 0, failed: 0 }, dependencies: [], degraded: [] },
      });
    attacker.publish('pulse.billing.billing-2', pulse('billing-3'));
    attacker.publish('pulse.billing.billing-4', pulse('billing-4'), { reply: '$JS.ACK.EVENTS.x' });
    attacker.publish('pulse.billing.billing', pulse('billing'));
    await eventually(() => expect(received).toEqual(['billing']));
  });
});
