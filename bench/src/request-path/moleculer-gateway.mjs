import { ServiceBroker } from 'moleculer';
import ApiGateway from 'moleculer-web';
import { announce } from './payload.ts';

const broker = new ServiceBroker({ nodeID: 'gateway', transporter: process.env.NATS_URL, logger: false });
const api = broker.createService({
  name: 'api',
  mixins: [ApiGateway.default ?? ApiGateway],
  settings: { port: 0, ip: '127.0.0.1', routes: [{ path: '/v1', aliases: { 'GET plans': 'plans.list' } }] },
});
await broker.start();
await broker.waitForServices('plans');
announce(api.server.address().port);
