import { Bus } from '@gridworks/bus';
import type { ServiceName } from '@gridworks/contracts';
import { createLogger } from '@gridworks/observability';
import { classify, fingerprint, HealingEnvironment } from '@gridworks/resilience';
import type { NatsServer } from '@gridworks/testing';
import { connectHealing, type HealingRuntime, ServiceInfo } from '../src/index.ts';
import { SIGNING_KEY } from './service-under-test.ts';

export interface HealedProcess {
  readonly bus: Bus;
  readonly healing: HealingRuntime;
  readonly environment: HealingEnvironment;
}

const open: HealedProcess[] = [];

/** The healing parts of a process, over a bus of its own; `stopAll` ends them. */
export async function startHealing(
  server: NatsServer,
  service: ServiceName,
  instance: string = service,
): Promise<HealedProcess> {
  const environment = new HealingEnvironment({ classify, fingerprint });
  const bus = await Bus.connect({
    servers: server.url,
    ...server.credentials(service),
    service,
    instance,
    signingKey: SIGNING_KEY,
    environment,
  });
  const logger = createLogger({ service, instance, level: 'silent' });
  const healing = connectHealing({ bus, info: new ServiceInfo(service, instance), logger, environment });
  const process = { bus, healing, environment };
  open.push(process);
  return process;
}

export async function stopAll(): Promise<void> {
  await Promise.all(
    open.splice(0).map(async ({ bus, healing }) => {
      await healing.stop();
      await bus.close();
    }),
  );
}
