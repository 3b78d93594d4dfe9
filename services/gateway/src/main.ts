import { startService } from '@gridworks/runtime';
import { gatewayConfig } from './gateway.config.ts';
import { GatewayModule } from './gateway.module.ts';
import { openDoor } from './open-door.ts';
import { answerBadAddress } from './routing/bad-address.ts';

await startService({
  service: 'gateway',
  module: GatewayModule,
  config: gatewayConfig,
  http: 'fastify',
  badAddress: answerBadAddress,
  setup: openDoor,
});
