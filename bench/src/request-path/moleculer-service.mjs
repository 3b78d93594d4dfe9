import { ServiceBroker } from 'moleculer';
import { announce, plans } from './payload.ts';

const broker = new ServiceBroker({ nodeID: 'billing', transporter: process.env.NATS_URL, logger: false });
broker.createService({ name: 'plans', actions: { list: () => plans() } });
await broker.start();
announce(null);
