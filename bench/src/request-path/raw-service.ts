import { connect } from '@nats-io/transport-node';
import { announce, plans } from './payload.ts';

const nc = await connect({ servers: process.env.NATS_URL });
nc.subscribe('rpc.billing.plan.list', {
  queue: 'billing',
  callback: (_error, message) => {
    JSON.parse(message.string());
    message.respond(JSON.stringify(plans()));
  },
});
await nc.flush();
announce(null);
