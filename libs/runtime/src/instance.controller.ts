import { HandleRequest } from '@gridworks/bus';
import { INSTANCE_VERBS, instanceRequest } from '@gridworks/contracts';
import type { Logger } from '@gridworks/observability';
import { Controller, type Type } from '@nestjs/common';
import type { CacheRegistry } from './cache-registry.ts';
import type { HealthRegistry } from './health-registry.ts';
import type { InstanceState } from './instance-state.ts';
import type { ServiceInfo } from './service-info.ts';

export interface InstanceControls {
  readonly info: ServiceInfo;
  readonly state: InstanceState;
  readonly health: HealthRegistry;
  readonly caches: CacheRegistry;
  readonly logger: Logger;
  /** Begins the drain; the answer to the request goes out before. */
  readonly drain: (reason: string) => void;
}

// Time for the answer to leave before we stop talking.
const answerFirstMs = 50;

/**
 * The control requests of this one instance. The subjects carry the instance's name, which is known only at
 * start, so the class is made then and the decorators are applied by hand.
 */
export function instanceController(controls: InstanceControls): Type {
  const { info, state, health, caches, logger, drain } = controls;
  const { instance } = info;
  const verbs = {
    ping: () => ({ instance, boot_id: info.bootId, state: state.current() }),
    'reset-connections': async () => {
      const reset = await health.resetAll();
      logger.warn({ reset }, 'connections were reset by a control request');
      return { instance, reset };
    },
    'clear-cache': async () => {
      const cleared = await caches.clearAll();
      logger.warn({ cleared }, 'caches were cleared by a control request');
      return { instance, cleared };
    },
    drain: () => {
      setTimeout(() => drain('a control request'), answerFirstMs);
      return { instance, draining: true as const };
    },
  };
  class InstanceController {}
  for (const verb of INSTANCE_VERBS) {
    const descriptor = { value: verbs[verb], writable: true, configurable: true, enumerable: false };
    Object.defineProperty(InstanceController.prototype, verb, descriptor);
    HandleRequest(instanceRequest(info.service, verb, instance))(
      InstanceController.prototype,
      verb,
      descriptor,
    );
  }
  Controller()(InstanceController);
  return InstanceController;
}
