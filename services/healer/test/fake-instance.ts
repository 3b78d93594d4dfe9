import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Bus } from '@gridworks/bus';
import { instanceRequest, type Pulse, type ServiceName } from '@gridworks/contracts';
import type { NatsServer } from '@gridworks/testing';

export const SIGNING_KEY = 'a-signing-key-that-is-long-enough-for-tests';

/** An instance of a service as the healer meets it: pulses, control requests and health endpoints, all real. */
export async function startFakeInstance(nats: NatsServer, service: ServiceName, instance: string = service) {
  const bus = await Bus.connect({
    servers: nats.url,
    ...nats.credentials(service),
    service,
    instance,
    signingKey: SIGNING_KEY,
    requestTimeoutMs: 500,
  });
  const requested: string[] = [];
  const self = {
    bootId: randomBytes(6).toString('hex'),
    startedAt: new Date(),
    state: 'ready' as Pulse['state'],
    frozen: false,
    lostConnections: 0,
    lagMs: 1,
    dependencies: [
      { name: 'nats', critical: true, status: 'up', connections_lost: 0, boot: null },
    ] as Pulse['dependencies'],
    sequence: 0,
  };
  const health = createServer((_request, response) => {
    if (!self.frozen) response.writeHead(self.state === 'ready' ? 200 : 503).end();
  });
  await new Promise<void>((resolve) => health.listen(0, '127.0.0.1', resolve));
  const beat = () => {
    if (self.frozen) return;
    bus.sendPulse({
      service,
      instance,
      boot_id: self.bootId,
      pid: 4711,
      started_at: self.startedAt.toISOString(),
      sent_at: new Date().toISOString(),
      sequence: self.sequence++,
      state: self.state,
      health_url: `http://127.0.0.1:${(health.address() as AddressInfo).port}`,
      resident_bytes: 1,
      event_loop_lag_ms: self.lagMs,
      in_flight: 0,
      requests: { ok: 0, failed: 0 },
      dependencies: self.dependencies.map((one) => ({ ...one, connections_lost: self.lostConnections })),
      degraded: [],
    });
  };
  const control = async <T>(verb: string, work: () => T): Promise<T> => {
    if (self.frozen) await new Promise<never>(() => undefined);
    requested.push(verb);
    return work();
  };
  const only = { shared: false };
  await bus.serve(
    instanceRequest(service, 'ping', instance),
    () => control('ping', () => ({ instance, boot_id: self.bootId, state: self.state })),
    only,
  );
  await bus.serve(
    instanceRequest(service, 'reset-connections', instance),
    () => control('reset-connections', () => ({ instance, reset: ['postgres'] })),
    only,
  );
  await bus.serve(
    instanceRequest(service, 'clear-cache', instance),
    () => control('clear-cache', () => ({ instance, cleared: ['principals'] })),
    only,
  );
  await bus.serve(
    instanceRequest(service, 'drain', instance),
    () => control('drain', () => ({ instance, draining: true as const })),
    only,
  );
  const timer = setInterval(beat, 200);
  beat();
  return {
    bus,
    requested,
    self,
    beat,
    freeze: () => {
      self.frozen = true;
    },
    /** What a restart by the platform leads to. */
    reboot: () => {
      Object.assign(self, {
        bootId: randomBytes(6).toString('hex'),
        startedAt: new Date(),
        frozen: false,
        state: 'ready',
        sequence: 0,
      });
      beat();
    },
    async stop() {
      clearInterval(timer);
      health.closeAllConnections();
      health.close();
      await bus.close();
    },
  };
}
export type FakeInstance = Awaited<ReturnType<typeof startFakeInstance>>;
