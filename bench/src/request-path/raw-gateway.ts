import { connect } from '@nats-io/transport-node';
import fastify from 'fastify';
import { announce } from './payload.ts';

const nc = await connect({ servers: process.env.NATS_URL });
const app = fastify();
app.get('/v1/plans', async (_request, reply) => {
  const response = await nc.request('rpc.billing.plan.list', '{}', { timeout: 2000 });
  return reply.type('application/json').send(Buffer.from(response.data));
});
await app.listen({ port: 0, host: '127.0.0.1' });
announce(app.addresses()[0]?.port ?? 0);
