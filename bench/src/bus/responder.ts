/** Serves `rpc.billing.plan.list`, by the bus (OURS=1) or by nats.js alone. */
import { Bus } from '@gridworks/bus';
import { listPlans } from '@gridworks/contracts';
import { connect } from '@nats-io/transport-node';
import { announce, plans } from '../request-path/payload.ts';

const servers = process.env.NATS_URL as string;
if (process.env.OURS) {
  const bus = await Bus.connect({
    servers,
    service: 'billing',
    instance: 'billing',
    signingKey: '0'.repeat(64),
  });
  bus.serve(listPlans, async () => plans() as never);
  await bus.rtt();
} else {
  const nc = await connect({ servers });
  nc.subscribe('rpc.billing.plan.list', {
    queue: 'billing',
    callback: (_error, message) => {
      JSON.parse(message.string());
      message.respond(JSON.stringify(plans()));
    },
  });
  await nc.flush();
}
announce(null);
