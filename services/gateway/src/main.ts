import { startService } from '@gridworks/runtime';
import { gatewayConfig } from './gateway.config.ts';
import { GatewayModule } from './gateway.module.ts';
import { openHttp } from './open-http.ts';
import { refuseBadAddress } from './routing/bad-address.ts';

await startService({
  service: 'gateway',
  module: GatewayModule,
  config: gatewayConfig,
  http: 'fastify',
  badAddress: refuseBadAddress,
  setup: openHttp,
});
